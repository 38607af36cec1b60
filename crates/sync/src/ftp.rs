//! Just enough of FTP (RFC 959, 2428) to store one file: passive, binary, without encryption, since
//! platforms that want it offer nothing else. The line must be a dedicated one.
//!
//! Whoever reads the folder on the other side looks at names: a file has its own only once all of
//! it is there, and another one, ending in `.part`, before.

use std::net::{IpAddr, SocketAddr};

use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpStream;

use crate::Secret;
use crate::failure::{Failure, FailureKind};
use crate::platform::FtpSettings;

/// Longest line of a server that is read.
const MAX_LINE_BYTES: u64 = 4096;
/// Most lines of one reply.
const MAX_LINES: usize = 100;

/// What a reply means is told by its first digit alone (RFC 959, 4.2): servers differ in the others.
type Class = u16;
const BEGUN: Class = 1;
const DONE: Class = 2;
const MORE: Class = 3;

fn class(code: u16) -> Class {
    code / 100
}

/// Stores `bytes` under `name`. Storing it again replaces it, so a repeat does no harm. `renames` is
/// what is known of the server: one that has refused to rename is not asked again.
pub(crate) async fn store(
    server: &FtpSettings,
    name: &str,
    bytes: &[u8],
    renames: &mut bool,
) -> Result<(), Failure> {
    let address = (server.host.as_str(), server.port);
    let tcp = TcpStream::connect(address).await.map_err(|e| {
        let words = format!("FTP {}:{}: {e}", server.host, server.port);
        Failure::new(FailureKind::Unreachable, words)
    })?;
    let mut control = Control {
        line: BufReader::new(tcp),
        password: &server.password,
    };
    control.enter(server).await?;
    let renamed = *renames && control.put_and_rename(name, bytes).await?;
    if !renamed {
        control.put(name, bytes).await?;
        if std::mem::replace(renames, false) {
            tracing::warn!(
                host = server.host,
                "this FTP server refuses to rename files: whoever reads them there may see half of one"
            );
        }
    }
    // What it says to a farewell is of no matter: the file is stored.
    let _ = control.command("QUIT", "", &[DONE]).await;
    Ok(())
}

struct Control<'a, S> {
    line: BufReader<S>,
    /// Some servers repeat what they were told.
    password: &'a Secret,
}

impl Control<'_, TcpStream> {
    /// Stores a file under another name first. False when the server does not do that.
    async fn put_and_rename(&mut self, name: &str, bytes: &[u8]) -> Result<bool, Failure> {
        let part = format!("{name}.part");
        if !is_done(self.put(&part, bytes).await)? {
            return Ok(false);
        }
        if self.rename(&part, name).await? {
            return Ok(true);
        }
        // Some do not replace a file by renaming; what is there is from an earlier attempt.
        is_done(self.command("DELE", name, &[DONE]).await)?;
        if self.rename(&part, name).await? {
            return Ok(true);
        }
        is_done(self.command("DELE", &part, &[DONE]).await)?;
        Ok(false)
    }

    async fn rename(&mut self, from: &str, to: &str) -> Result<bool, Failure> {
        let found = self.command("RNFR", from, &[MORE, DONE]).await;
        Ok(is_done(found)? && is_done(self.command("RNTO", to, &[DONE]).await)?)
    }

    /// Stores a file, and asks how much of it is there, where the server can tell.
    async fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let peer = self.line.get_ref().peer_addr().map_err(cut)?.ip();
        let mut data = data_line(peer, self.port().await?).await?;
        self.command("STOR", name, &[BEGUN]).await?;
        data.write_all(bytes).await.map_err(cut)?;
        data.shutdown().await.map_err(cut)?;
        drop(data);
        self.reply("STOR", &[DONE]).await?;
        let told = match self.command("SIZE", name, &[DONE]).await {
            Ok((_, text)) => size(&text),
            Err(failure) if failure.kind() == FailureKind::Answer => None,
            Err(failure) => return Err(failure),
        };
        match told {
            Some(told) if told != bytes.len() as u64 => Err(Failure::new(
                FailureKind::Cut,
                format!("FTP: of {} bytes the server has {told}", bytes.len()),
            )),
            _ => Ok(()),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Control<'_, S> {
    /// From the welcome to the folder.
    async fn enter(&mut self, server: &FtpSettings) -> Result<(), Failure> {
        self.reply("welcome", &[DONE]).await?;
        let user = self.command("USER", &server.user, &[DONE, MORE]).await;
        if class(user.map_err(log_in)?.0) == MORE {
            let password = server.password.expose();
            let passed = self.command("PASS", password, &[DONE]).await;
            passed.map_err(log_in)?;
        }
        self.command("TYPE", "I", &[DONE]).await?;
        if !server.folder.is_empty() {
            self.command("CWD", &server.folder, &[DONE]).await?;
        }
        Ok(())
    }

    /// Sends a command and waits for a reply of a class in `wanted`. The argument is never repeated in an error.
    async fn command(
        &mut self,
        verb: &str,
        argument: &str,
        wanted: &[Class],
    ) -> Result<(u16, String), Failure> {
        if argument.contains(['\r', '\n']) {
            return Err(Failure::new(
                FailureKind::Unfit,
                "FTP: a name holds a line break",
            ));
        }
        let line = if argument.is_empty() {
            format!("{verb}\r\n")
        } else {
            format!("{verb} {argument}\r\n")
        };
        let to = self.line.get_mut();
        to.write_all(line.as_bytes()).await.map_err(cut)?;
        self.reply(verb, wanted).await
    }

    async fn reply(&mut self, to: &str, wanted: &[Class]) -> Result<(u16, String), Failure> {
        let mut opened = None;
        for _ in 0..MAX_LINES {
            let mut line = Vec::new();
            let mut limited = (&mut self.line).take(MAX_LINE_BYTES);
            if limited.read_until(b'\n', &mut line).await.map_err(cut)? == 0 {
                return Err(Failure::new(FailureKind::Cut, "FTP: connection closed"));
            }
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            let code = text.get(..3).and_then(|c| c.parse::<u16>().ok());
            match code {
                // "123-…" begins a reply of several lines that "123 …" ends, whatever is between.
                Some(code) if opened.is_some_and(|first| first != code) => {}
                Some(code) if text.as_bytes().get(3) == Some(&b'-') => opened = Some(code),
                Some(code) => {
                    if wanted.contains(&class(code)) {
                        return Ok((code, text));
                    }
                    let words = format!("FTP {to}: {}", self.password.scrub(&text));
                    let kind = if code == 421 {
                        FailureKind::Busy
                    } else {
                        FailureKind::Answer
                    };
                    return Err(Failure::new(kind, words));
                }
                _ => {}
            }
        }
        Err(Failure::new(
            FailureKind::Answer,
            format!("FTP {to}: an endless reply"),
        ))
    }

    /// The port at which the server waits for the file.
    async fn port(&mut self) -> Result<u16, Failure> {
        let extended = match self.command("EPSV", "", &[DONE]).await {
            Ok((_, text)) => extended_port(&text),
            Err(failure) if failure.kind() == FailureKind::Answer => None,
            Err(failure) => return Err(failure),
        };
        let port = match extended {
            Some(port) => Some(port),
            None => passive_port(&self.command("PASV", "", &[DONE]).await?.1),
        };
        port.ok_or_else(|| {
            Failure::new(
                FailureKind::Answer,
                "FTP: the server names no port for the file",
            )
        })
    }
}

/// Opens the line for the file. It goes to the peer of the control line, whatever address the
/// server names: behind a gateway it names one that nobody can reach.
async fn data_line(peer: IpAddr, port: u16) -> Result<TcpStream, Failure> {
    let line = TcpStream::connect(SocketAddr::new(peer, port)).await;
    line.map_err(|e| {
        Failure::new(
            FailureKind::Cut,
            format!("FTP data line to port {port}: {e}"),
        )
    })
}

/// What a server says, without a line to it.
#[cfg(fuzzing)]
pub(crate) async fn port_for_a_file(server: &FtpSettings, replies: &[u8]) -> Result<u16, Failure> {
    let line = tokio::io::join(replies, tokio::io::sink());
    let mut control = Control {
        line: BufReader::new(line),
        password: &server.password,
    };
    control.enter(server).await?;
    control.port().await
}

/// Whether a step was done; false when the server refused it with an answer.
fn is_done<T>(step: Result<T, Failure>) -> Result<bool, Failure> {
    match step {
        Ok(_) => Ok(true),
        Err(failure) if failure.kind() == FailureKind::Answer => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// `213 12345` (RFC 3659, 4)
fn size(text: &str) -> Option<u64> {
    text.strip_prefix("213")?.trim().parse().ok()
}

/// `229 … (|||6446|)`
fn extended_port(text: &str) -> Option<u16> {
    let inner = text.split_once('(')?.1.split_once(')')?.0;
    let mark = inner.chars().next()?;
    inner.split(mark).nth(3)?.parse().ok()
}

/// `227 … (10,0,0,1,25,46)`, with or without brackets (RFC 1123, 4.1.2.6).
fn passive_port(text: &str) -> Option<u16> {
    let words = text.get(3..)?;
    let listed = words
        .split(|c: char| !(c.is_ascii_digit() || c == ',' || c == ' '))
        .map(|part| part.trim().trim_matches(','))
        .find(|part| part.contains(','))?;
    let numbers: Vec<u16> = listed
        .split(',')
        .map(|n| n.trim().parse().ok())
        .collect::<Option<_>>()?;
    match numbers[..] {
        [_, _, _, _, high, low] if high < 256 && low < 256 => Some(high * 256 + low),
        _ => None,
    }
}

fn cut(error: std::io::Error) -> Failure {
    Failure::new(FailureKind::Cut, format!("FTP: {error}"))
}

fn log_in(failure: Failure) -> Failure {
    if failure.kind() == FailureKind::Answer {
        Failure::new(FailureKind::LogIn, failure.to_string())
    } else {
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_from_both_kinds_of_answers() {
        assert_eq!(
            extended_port("229 Entering Extended Passive Mode (|||6446|)"),
            Some(6446)
        );
        assert_eq!(
            passive_port("227 Entering Passive Mode (10,0,0,1,25,46)"),
            Some(6446)
        );
        for bare in [
            "227 Entering Passive Mode 10,0,0,1,25,46",
            "227 =10,0,0,1,25,46",
            "227 ok, go on (10, 0, 0, 1, 25, 46).",
        ] {
            assert_eq!(passive_port(bare), Some(6446), "{bare}");
        }
        for odd in [
            "229 ok",
            "229 (|||x|)",
            "227 (1,2,3)",
            "227 (1,2,3,4,999,1)",
            "",
        ] {
            assert_eq!(
                (extended_port(odd), passive_port(odd)),
                (None, None),
                "{odd}"
            );
        }
    }
}
