//! Photos by FTP, to servers of many habits.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Gate, shipped, until, yes_man, yunnan};
use sync::adapter::PhotoForm;
use sync::{
    Adapter, FailureKind, FtpSettings, Platform, PlatformSettings, Secret, WorkerHandle, spawn,
};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const NEW: Duration = Duration::ZERO;

fn work(gate: &Gate, settings: PlatformSettings) -> WorkerHandle {
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, by_ftp(), gate.ledger.clone()).unwrap();
    spawn(sink, gate.ledger.clone(), pace)
}

fn by_ftp() -> Adapter {
    let mut adapter = shipped("yunnan");
    adapter.photos.form = PhotoForm::Ftp;
    adapter
}

fn settings(url: &str, port: u16, password: &str) -> PlatformSettings {
    PlatformSettings {
        ftp: Some(FtpSettings {
            host: "127.0.0.1".to_owned(),
            port,
            user: "gate".to_owned(),
            password: Secret::new(password),
            folder: "photos".to_owned(),
        }),
        ..yunnan(url)
    }
}

/// What a server says instead of the usual, by command; `{port}`, `{high}` and `{low}` stand for
/// the port of the line for the file.
type Habits = &'static [(&'static str, &'static str)];

/// Name and bytes of each file.
type Stored = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// An FTP server that knows what a client needs to store a file.
async fn ftp_server(habits: Habits) -> (u16, Stored) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let stored = Stored::default();
    let store = Arc::clone(&stored);
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(ftp_session(tcp, Arc::clone(&store), habits));
        }
    });
    (port, stored)
}

async fn ftp_session(tcp: TcpStream, store: Stored, habits: Habits) {
    let mut control = BufReader::new(tcp);
    let mut data: Option<TcpListener> = None;
    let mut folder = String::new();
    let mut renamed = String::new();
    control
        .get_mut()
        .write_all(b"220-hello\r\n220 ready\r\n")
        .await
        .unwrap();
    loop {
        let mut line = String::new();
        if control.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let (verb, argument) = line
            .trim_end()
            .split_once(' ')
            .unwrap_or((line.trim_end(), ""));
        if matches!(verb, "EPSV" | "PASV") {
            data = Some(TcpListener::bind("127.0.0.1:0").await.unwrap());
        }
        let port = data
            .as_ref()
            .map_or(0, |at| at.local_addr().unwrap().port());
        let habit = habits.iter().find(|(to, _)| *to == verb);
        let path = format!("{folder}/{argument}");
        let usual = match verb {
            "USER" => "331 password".to_owned(),
            "PASS" if argument == "hunter2" => "230 in".to_owned(),
            "PASS" => "530 wrong".to_owned(),
            "TYPE" => "200 binary".to_owned(),
            "CWD" => {
                argument.clone_into(&mut folder);
                "250 there".to_owned()
            }
            "EPSV" => "229 Extended (|||{port}|)".to_owned(),
            // Behind a gateway: nobody can reach the address that it names.
            "PASV" => "227 Passive (10,255,255,1,{high},{low})".to_owned(),
            "STOR" => {
                control.get_mut().write_all(b"150 go on\r\n").await.unwrap();
                let (mut from, _) = data.take().unwrap().accept().await.unwrap();
                let mut bytes = Vec::new();
                from.read_to_end(&mut bytes).await.unwrap();
                let mut files = store.lock().unwrap();
                files.retain(|(name, _)| *name != path);
                files.push((path, bytes));
                "226 stored".to_owned()
            }
            _ if habit.is_some() => String::new(),
            "SIZE" => {
                let files = store.lock().unwrap();
                let file = files.iter().find(|(name, _)| *name == path);
                file.map_or("550 no such file".to_owned(), |(_, bytes)| {
                    format!("213 {}", bytes.len())
                })
            }
            "RNFR" => {
                renamed = path;
                "350 to what?".to_owned()
            }
            "RNTO" => {
                let mut files = store.lock().unwrap();
                files.retain(|(name, _)| *name != path);
                for (name, _) in files.iter_mut().filter(|(name, _)| *name == renamed) {
                    name.clone_from(&path);
                }
                "250 renamed".to_owned()
            }
            "DELE" => {
                store.lock().unwrap().retain(|(name, _)| *name != path);
                "250 gone".to_owned()
            }
            _ => "221 bye".to_owned(),
        };
        let answer = habit.map_or(usual, |(_, says)| (*says).to_owned());
        let answer = answer
            .replace("{port}", &port.to_string())
            .replace("{high}", &(port / 256).to_string())
            .replace("{low}", &(port % 256).to_string());
        let answer = format!("{answer}\r\n");
        control
            .get_mut()
            .write_all(answer.as_bytes())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn photos_go_by_ftp_before_their_record_names_them() {
    let (url, heard) = yes_man().await;
    let (port, stored) = ftp_server(&[]).await;
    let gate = Gate::new("regulator");
    let key = gate.passage("lane-1", "云A12345D", NEW).await;
    let worker = work(&gate, settings(&url, port, "wrong"));
    let status = until(worker.status(), |s| s.last_error.is_some()).await;
    assert_eq!(status.last_error.unwrap().kind, FailureKind::LogIn);
    worker.stop().await;
    assert!(
        heard
            .lock()
            .unwrap()
            .iter()
            .all(|body| !body.contains("plateNo")),
        "no record without photos"
    );
    let worker = work(&gate, settings(&url, port, "hunter2"));
    until(worker.status(), |s| s.acknowledged == 1).await;
    worker.stop().await;
    let stored = stored.lock().unwrap();
    let names: Vec<&str> = stored.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [format!("photos/{key}-1.jpg"), format!("photos/{key}-2.jpg")]
    );
    assert!(stored.iter().all(|(_, bytes)| bytes == &common::JPEG));
    let heard = heard.lock().unwrap();
    assert!(
        heard
            .iter()
            .any(|body| body.contains(&format!("\"headPhoto\":\"{key}-1.jpg\"")))
    );
}

/// RFC 959, 4.2: the first digit decides. RFC 1123, 4.1.2.6: the numbers of PASV need no brackets.
#[tokio::test]
async fn ftp_servers_that_speak_loosely_get_the_photos() {
    let servers: [(&str, Habits); 8] = [
        ("no EPSV", &[("EPSV", "500 what?")]),
        (
            "an EPSV answer that names no port",
            &[("EPSV", "229 Extended (||{port}|)")],
        ),
        ("a folder entered with 200", &[("CWD", "200 OK")]),
        ("TYPE answered with 250", &[("TYPE", "250 OK")]),
        (
            "PASV without brackets",
            &[
                ("EPSV", "502 no"),
                ("PASV", "227 Entering Passive Mode 10,0,0,1,{high},{low}"),
            ],
        ),
        ("no password asked for", &[("USER", "232 in")]),
        ("stored with 200", &[("STOR", "200 stored")]),
        (
            "lines that look like replies within a reply",
            &[("CWD", "250-welcome\r\n550 files may lie here\r\n250 there")],
        ),
    ];
    for (what, habits) in servers {
        let (url, _) = yes_man().await;
        let (port, stored) = ftp_server(habits).await;
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345D", NEW).await;
        let worker = work(&gate, settings(&url, port, "hunter2"));
        let done = |s: &sync::SinkStatus| s.acknowledged == 1 || s.last_error.is_some();
        let status = until(worker.status(), done).await;
        assert_eq!(status.last_error, None, "{what}");
        worker.stop().await;
        assert_eq!(stored.lock().unwrap().len(), 2, "{what}");
    }
}

/// The files that a poller of the folder would take, by name.
fn whole(stored: &Stored) -> Vec<(String, usize)> {
    let stored = stored.lock().unwrap();
    let photos = stored.iter().filter(|(name, _)| name.ends_with(".jpg"));
    photos
        .map(|(name, bytes)| (name.clone(), bytes.len()))
        .collect()
}

#[tokio::test]
async fn a_photo_has_its_name_only_once_all_of_it_is_there() {
    let (url, heard) = yes_man().await;
    // Half of what was sent is there, as when the disk over there is full.
    let (port, stored) = ftp_server(&[("SIZE", "213 7")]).await;
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A12345D", NEW).await;
    let worker = work(&gate, settings(&url, port, "hunter2"));
    let status = until(worker.status(), |s| s.last_error.is_some()).await;
    assert_eq!(status.last_error.unwrap().kind, FailureKind::Cut);
    worker.stop().await;
    assert_eq!(whole(&stored), [], "nobody takes half a photo");
    assert!(
        !heard
            .lock()
            .unwrap()
            .iter()
            .any(|body| body.contains("plateNo"))
    );
}

#[tokio::test]
async fn servers_that_do_not_rename_get_the_photos_all_the_same() {
    let servers: [(&str, Habits); 5] = [
        ("RNFR unknown", &[("RNFR", "502 what?")]),
        ("no right to rename", &[("RNTO", "550 denied")]),
        (
            "nothing beyond STOR",
            &[
                ("RNFR", "500 what?"),
                ("DELE", "500 what?"),
                ("SIZE", "500 what?"),
            ],
        ),
        ("SIZE in words", &[("SIZE", "213 bytes")]),
        (
            "RNFR answered with 200",
            &[("RNFR", "200 OK"), ("RNTO", "200 OK")],
        ),
    ];
    for (what, habits) in servers {
        let (url, _) = yes_man().await;
        let (port, stored) = ftp_server(habits).await;
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345D", NEW).await;
        let worker = work(&gate, settings(&url, port, "hunter2"));
        let done = |s: &sync::SinkStatus| s.acknowledged == 1 || s.last_error.is_some();
        let status = until(worker.status(), done).await;
        assert_eq!(status.last_error, None, "{what}");
        worker.stop().await;
        // The last server only says that it has renamed.
        if !what.contains("200") {
            assert_eq!(whole(&stored).len(), 2, "{what}: {stored:?}");
        }
    }
}

#[tokio::test]
async fn a_password_that_an_ftp_server_repeats_is_not_shown() {
    let (url, _) = yes_man().await;
    let (port, _) = ftp_server(&[("PASS", "530 hunter2 is not the password of gate")]).await;
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A12345D", NEW).await;
    let worker = work(&gate, settings(&url, port, "hunter2"));
    let status = until(worker.status(), |s| s.last_error.is_some()).await;
    let words = status.last_error.unwrap().words;
    assert!(words.contains("530 *** is not"), "{words}");
    worker.stop().await;
}

/// A server that never comes to the end of its first reply.
async fn endless(reply: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            tokio::spawn(async move { while tcp.write_all(reply).await.is_ok() {} });
        }
    });
    port
}

#[tokio::test]
async fn a_server_without_end_is_left() {
    for reply in [&b"220-welcome\r\n"[..], b"welcome"] {
        let (url, _) = yes_man().await;
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345D", NEW).await;
        let worker = work(&gate, settings(&url, endless(reply).await, "hunter2"));
        let status = until(worker.status(), |s| s.last_error.is_some()).await;
        let error = status.last_error.unwrap();
        assert!(error.words.contains("endless"), "{error:?}");
        worker.stop().await;
    }
}
