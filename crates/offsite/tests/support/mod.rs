//! A gate with a ledger, and `scripts/s3_server.py`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use jiff::{SignedDuration, Timestamp};
use ledger::{
    BackedUp, BackupOptions, Options, Reader, Restore, RestoreOptions, Result, Writer, restore,
};
use offsite::{Addressing, BackupKey, S3Settings, S3Store};
use passage::{Direction, Grounds, NewPassage, NewPhoto, PassageKey, PhotoKind, Reading, Verdict};
use secret::Secret;
use serde::Deserialize;

static GO_ON: AtomicBool = AtomicBool::new(false);

/// The one store of all tests; each has a folder of its own.
pub(crate) struct Server {
    port: u16,
    /// It ends with its input, which is closed when the tests end.
    _process: Child,
}

/// What the store tells about a folder.
#[derive(Debug, Deserialize)]
pub(crate) struct Seen {
    /// Objects put since the last time.
    pub(crate) puts: u64,
    /// In how many objects the bytes stand that were asked for.
    pub(crate) holding: u64,
    /// All objects.
    pub(crate) names: Vec<String>,
}

pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut process = Command::new("/usr/bin/python3")
            .arg(root.join("scripts/s3_server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/setup --test installs it");
        let mut line = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let port = line.trim().parse().expect("a port");
        Server {
            port,
            _process: process,
        }
    })
}

impl Server {
    /// Asks for what a test wants of its folder: see the script.
    pub(crate) fn order(&self, folder: &str, what: &str) -> Seen {
        let mut line = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            line,
            "POST /_test/{folder}?{what} HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer");
        serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {answer}"))
    }
}

pub(crate) fn plan(hours: i64) -> BackupOptions<'static> {
    BackupOptions {
        at: at(hours * 3600),
        keep: 3,
        prepare: false,
        stop: &GO_ON,
    }
}

fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    begin + SignedDuration::from_secs(seconds)
}

/// A gate whose backups have a folder of the store.
pub(crate) struct Gate {
    folder: tempfile::TempDir,
    pub(crate) settings: S3Settings,
}

impl Gate {
    pub(crate) fn new(prefix: &str) -> Self {
        let settings = S3Settings {
            url: format!("http://127.0.0.1:{}", server().port)
                .parse()
                .unwrap(),
            bucket: "backups".to_owned(),
            prefix: prefix.to_owned(),
            region: "us-east-1".to_owned(),
            addressing: Addressing::Path,
            access_key: "gate".to_owned(),
            secret_key: Secret::new("hush"),
            encryption_key: BackupKey::generate(),
            ca_file: None,
        };
        Self {
            folder: tempfile::tempdir().unwrap(),
            settings,
        }
    }

    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Commits so many passages with two photos each.
    pub(crate) fn drive(&self, from: i64, count: i64) {
        let mut writer = Writer::open(self.data(), Options::default()).unwrap();
        for n in from..from + count {
            let (original, annotated) =
                (format!("photo {n} of a truck"), format!("photo {n} again"));
            let photo = |kind, jpeg| NewPhoto {
                kind,
                camera: "north-head",
                taken_at: at(n),
                jpeg,
            };
            let photos = [
                photo(PhotoKind::HeadOriginal, original.as_bytes()),
                photo(PhotoKind::Head, annotated.as_bytes()),
            ];
            writer.decide(&truck(n), &photos).unwrap();
        }
    }

    pub(crate) fn store(&self) -> S3Store {
        S3Store::open(&self.settings).unwrap()
    }

    pub(crate) fn back_up(&self, hours: i64) -> Result<BackedUp> {
        self.store().back_up(self.data(), &plan(hours))
    }

    /// The same place on a clean computer.
    pub(crate) fn lost(self) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            ..self
        }
    }

    pub(crate) fn restore(&self, hours: i64, accept_missing: bool) -> Result<Restore> {
        restore(&RestoreOptions {
            from: &self.store(),
            backup: None,
            to: self.data(),
            at: at(hours * 3600),
            accept_missing,
        })
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(self.data()).unwrap()
    }

    /// Rows of each table, as a backup counts them.
    pub(crate) fn rows(&self) -> BTreeMap<String, u64> {
        let elsewhere = tempfile::tempdir().unwrap();
        let mut options = plan(500);
        options.prepare = true;
        let done = self.reader().back_up(elsewhere.path(), &options).unwrap();
        done.manifest.tables
    }

    pub(crate) fn photo_files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.data().join("photos")];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let list = if path.is_dir() {
                    &mut folders
                } else {
                    &mut found
                };
                list.push(path);
            }
        }
        found.sort();
        found
    }

    /// Every photo's place and content.
    pub(crate) fn photos(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let below = |path: &Path| path.strip_prefix(self.data()).unwrap().to_owned();
        let files = self.photo_files().into_iter();
        files
            .map(|path| (below(&path), fs::read(&path).unwrap()))
            .collect()
    }

    pub(crate) fn no_copy_is_left(&self) -> bool {
        !self.data().join(".offsite/copy").exists()
    }
}

fn truck(n: i64) -> NewPassage {
    NewPassage {
        key: PassageKey::random(),
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        entered_at: at(n * 60 - 4),
        decided_at: at(n * 60),
        clock: frame::ClockSource::CameraNtp,
        clock_trusted: true,
        camera: "north-head".to_owned(),
        reading: Reading {
            plate: "\u{82cf}A12345".to_owned(),
            color: plate::Color::Yellow,
            color_p: 0.99,
            layout: plate::Layout::Single,
            confidence: 0.97,
            recognised: true,
            ..Reading::unread()
        },
        decision: Verdict::Allow,
        reason: "no_strategy".to_owned(),
        grounds: Grounds::default(),
    }
}
