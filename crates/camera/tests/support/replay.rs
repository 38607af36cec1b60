//! A small RTSP server that says what a [`Dialogue`] tells it to, and complains about requests that it
//! does not expect.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use md5::{Digest, Md5};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::dialogue::{Dialogue, Step, Then};
use super::payload::{Oddity, Payload};

/// One request as it came.
struct Request {
    method: String,
    address: String,
    headers: Vec<(String, String)>,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value)
    }
}

struct Camera {
    dialogue: Dialogue,
    payload: Payload,
    port: u16,
    /// The step that comes next. It goes on over connections, as the second one of a redirection does.
    next: Mutex<usize>,
    complaints: Mutex<Vec<String>>,
}

/// A running camera. Dropping it ends it.
pub(crate) struct Replay {
    camera: Arc<Camera>,
    server: AbortHandle,
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Replay {
    pub(crate) async fn start(dialogue: Dialogue, payload: Payload) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let camera = Arc::new(Camera {
            dialogue,
            payload,
            port,
            next: Mutex::default(),
            complaints: Mutex::default(),
        });
        let served = Arc::clone(&camera);
        let server = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(Arc::clone(&served).serve(stream));
            }
        });
        Self {
            camera,
            server: server.abort_handle(),
        }
    }

    pub(crate) fn url(&self) -> String {
        self.camera.url()
    }

    /// What came that the file does not tell of.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.camera.complaints.lock().expect("not poisoned").clone()
    }
}

impl Camera {
    fn url(&self) -> String {
        let path = self.dialogue.fact("path").unwrap_or("/live");
        format!("rtsp://127.0.0.1:{}{path}", self.port)
    }

    async fn serve(self: Arc<Self>, stream: TcpStream) {
        let (read, write) = stream.into_split();
        let write = Arc::new(tokio::sync::Mutex::new(write));
        let mut read = BufReader::new(read);
        let (mut challenge, mut channel) = (String::new(), 0);
        let mut player = JoinSet::new();
        while let Some(request) = receive(&mut read).await {
            let step = match self.step(&request, &challenge) {
                Some(step) => step,
                // Any camera takes these; a file tells of them only where it does so oddly.
                None if is_usual(&request.method) => {
                    let fine = format!(
                        "RTSP/1.0 200 OK\r\nCSeq: {}\r\n\r\n",
                        request.header("cseq")
                    );
                    let _ = write.lock().await.write_all(fine.as_bytes()).await;
                    continue;
                }
                None => return,
            };
            let asked = request.header("transport");
            if let Some((_, rest)) = asked.split_once("interleaved=") {
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                channel = digits.parse().expect("a channel");
            }
            let answer = self.answer(step, &request);
            if let Some((_, rest)) = answer.split_once("WWW-Authenticate: ") {
                challenge = rest.lines().next().unwrap_or_default().to_owned();
            }
            if write
                .lock()
                .await
                .write_all(answer.as_bytes())
                .await
                .is_err()
            {
                return;
            }
            match step.then {
                Then::Wait => {}
                Then::Close => return,
                Then::Play(from) => {
                    let play = Arc::clone(&self).play(Arc::clone(&write), channel, from);
                    player.spawn(play);
                }
            }
        }
    }

    async fn play(
        self: Arc<Self>,
        write: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
        channel: u8,
        from: usize,
    ) {
        let mut position = self.payload.begin(from);
        let oddity = self.dialogue.fact("every_tenth_picture").map(Oddity::named);
        loop {
            let packets = self.payload.odd(&mut position, channel, from, oddity);
            if write.lock().await.write_all(&packets).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(66)).await;
        }
    }

    /// The step that this request asks for. A new connection may begin anew.
    fn step(&self, request: &Request, challenge: &str) -> Option<&Step> {
        let steps = &self.dialogue.steps;
        let mut next = self.next.lock().expect("not poisoned");
        let ordered: Vec<&Step> = steps.iter().filter(|s| !s.standing).collect();
        let mut wrong = "nothing more is expected".to_owned();
        for at in [*next, 0] {
            match ordered
                .get(at)
                .map(|step| (step, self.fits(step, request, challenge)))
            {
                Some((step, Ok(()))) => {
                    *next = at + 1;
                    return Some(step);
                }
                Some((_, Err(why))) if at == *next => wrong = why,
                _ => {}
            }
        }
        let found = steps
            .iter()
            .filter(|s| s.standing)
            .find(|step| self.fits(step, request, challenge).is_ok());
        if found.is_none() && !is_usual(&request.method) {
            let what = format!("{} {}: {wrong}", request.method, request.address);
            self.complaints.lock().expect("not poisoned").push(what);
        }
        found
    }

    fn fits(&self, step: &Step, request: &Request, challenge: &str) -> Result<(), String> {
        if step.method != request.method {
            return Err(format!("{} is expected", step.method));
        }
        let address = self.filled(&step.address, request);
        if !request.address.ends_with(&address) {
            return Err(format!("the address {address} is expected"));
        }
        for (name, part) in &step.headers {
            let value = request.header(name);
            let fine = match part.as_str() {
                "{digest}" => self.is_right_digest(value, challenge, &request.method),
                "{none}" => value.is_empty(),
                part => value.contains(part),
            };
            if !fine {
                return Err(format!("{name}: {value:?} is not {part}"));
            }
        }
        Ok(())
    }

    fn is_right_digest(&self, value: &str, challenge: &str, method: &str) -> bool {
        let (user, password) = self.dialogue.login().expect("a login in the file");
        let field = |text: &str, name: &str| {
            let (_, rest) = text.split_once(&format!("{name}=\""))?;
            Some(rest.split('"').next()?.to_owned())
        };
        let of = |text: &str, name: &str| field(text, name).unwrap_or_default();
        let hash = |text: String| hex::encode(Md5::digest(text));
        let (realm, nonce) = (of(challenge, "realm"), of(challenge, "nonce"));
        let a1 = hash(format!("{user}:{realm}:{password}"));
        let a2 = hash(format!("{method}:{}", of(value, "uri")));
        let right = match field(challenge, "qop") {
            None => hash(format!("{a1}:{nonce}:{a2}")),
            Some(_) => {
                let count = value.split_once("nc=").map_or("", |(_, r)| &r[..8]);
                hash(format!(
                    "{a1}:{nonce}:{count}:{}:auth:{a2}",
                    of(value, "cnonce")
                ))
            }
        };
        !nonce.is_empty() && of(value, "nonce") == nonce && of(value, "response") == right
    }

    /// The answer's text: head lines end with CRLF, the body's as the file wants.
    fn answer(&self, step: &Step, request: &Request) -> String {
        let blank = step.answer.iter().position(String::is_empty);
        let (head, body) = step.answer.split_at(blank.unwrap_or(step.answer.len()));
        let end = match self.dialogue.fact("body_lines_end_with") {
            Some("LF") => "\n",
            _ => "\r\n",
        };
        let lines = body
            .iter()
            .skip(1)
            .map(|line| self.filled(line, request) + end);
        let body: String = lines.collect();
        let length = body.len().to_string();
        let head = head.iter().map(|line| {
            let line = self.filled(line, request).replace("{length}", &length);
            line + "\r\n"
        });
        head.collect::<String>() + "\r\n" + &body
    }

    fn filled(&self, text: &str, request: &Request) -> String {
        let counted: u32 = request.header("cseq").parse().unwrap_or_default();
        let mut text = text
            .replace("{url}", &self.url())
            .replace("{port}", &self.port.to_string())
            .replace("{cseq}", &counted.to_string())
            .replace("{cseq-1}", &counted.saturating_sub(1).to_string());
        for (name, kind) in [
            ("sps", 7),
            ("pps", 8),
            ("vps265", 32),
            ("sps265", 33),
            ("pps265", 34),
        ] {
            let name = format!("{{{name}}}");
            if text.contains(&name) {
                text = text.replace(&name, &self.payload.parameter_set(kind));
            }
        }
        text
    }
}

/// Requests that end a session or keep it alive.
fn is_usual(method: &str) -> bool {
    matches!(
        method,
        "TEARDOWN" | "OPTIONS" | "GET_PARAMETER" | "SET_PARAMETER"
    )
}

/// The next request; interleaved packets of the client are passed over.
async fn receive(read: &mut BufReader<OwnedReadHalf>) -> Option<Request> {
    loop {
        let buffer = read.fill_buf().await.ok()?;
        if *buffer.first()? != b'$' {
            break;
        }
        let mut head = [0; 4];
        read.read_exact(&mut head).await.ok()?;
        let mut packet = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))];
        read.read_exact(&mut packet).await.ok()?;
    }
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        read.read_line(&mut line).await.ok().filter(|&n| n > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let mut first = lines.first()?.split(' ');
    let headers = lines
        .iter()
        .skip(1)
        .filter_map(|line| line.split_once(": "));
    Some(Request {
        method: first.next()?.to_owned(),
        address: first.next()?.to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
    })
}
