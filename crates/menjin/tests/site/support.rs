//! A site for one test: its folder, its servers and the daemon as its own process.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use ledger::Reader;
use passage::PassageView;

#[path = "../../../camera/tests/support/rtsp_server.rs"]
#[allow(
    dead_code,
    reason = "shared with the camera crate, whose tests need all of it"
)]
pub(crate) mod rtsp_server;

#[path = "../../../recorder/tests/support/ffprobe.rs"]
pub(crate) mod ffprobe;

/// A server of the project in Python, and the line in which it says where it listens. It ends with its input, or is
/// killed.
pub(crate) fn python_server(script: &str) -> (Child, String) {
    let mut process = Command::new("/usr/bin/python3")
        .arg(project().join("scripts").join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("scripts/setup --test installs it");
    let mut line = String::new();
    let out = process.stdout.take().expect("a pipe");
    BufReader::new(out).read_line(&mut line).expect("a line");
    (process, line)
}

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the project")
}

pub(crate) fn clip(name: &str) -> PathBuf {
    project().join("testdata/footage").join(name)
}

/// Runs the program to its end.
pub(crate) fn menjin(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_menjin"))
        .args(args)
        .current_dir(project())
        .output()
        .expect("the program starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A port of this computer that is asked for once and stays free until it is used: below those that the
/// system gives to connections, one of which took the port of a daemon between two starts.
pub(crate) fn free_port() -> u16 {
    static HANDED_OUT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + (std::process::id() % 100) as u16 * 100;
    let next = || first + HANDED_OUT.fetch_add(1, Ordering::Relaxed);
    std::iter::repeat_with(next)
        .find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok())
        .expect("a free port")
}

/// A folder with a configuration.
pub(crate) struct Site {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) status_port: u16,
    config: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::speaking("en")
    }

    /// One with texts in `language`.
    pub(crate) fn speaking(language: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let status_port = free_port();
        let config = format!(
            "language = \"{language}\"\n[storage]\nfolder = \"data\"\n[models]\nfolder = \"{}\"\n\
             [status]\nlisten = \"127.0.0.1:{status_port}\"\n[site]\nname = \"测试厂\"\ncode = \"T1\"\n",
            project().join("models").display()
        );
        Self {
            folder,
            status_port,
            config,
        }
    }

    /// Adds a lane whose camera is the TOML table `camera`.
    pub(crate) fn lane(mut self, name: &str, direction: &str, view: &str, camera: &str) -> Self {
        self.config += &format!(
            "[[lane]]\nname = \"{name}\"\nentrance = \"A\"\nbarrier = \"01\"\n\
             direction = \"{direction}\"\nview = \"{view}\"\ncamera = {camera}\n"
        );
        self
    }

    pub(crate) fn regulator(mut self, port: u16) -> Self {
        self.secret("regulator", "menjin-trial");
        self.config += &format!(
            "[[platform]]\nname = \"r\"\nbase_url = \"http://127.0.0.1:{port}/access/api/dataReceive/\"\n\
             adapter = \"{}\"\nuser = \"menjin\"\nsecret_file = \"regulator\"\n\
             paths = {{ passage = \"passage\", passage_end = \"passageEnd\" }}\n\
             pace = {{ first_pause = \"200ms\", longest_pause = \"1s\", backlog_per_second = 50.0 }}\n",
            project().join("config/regulators/yunnan.toml").display()
        );
        self
    }

    pub(crate) fn secret(&self, name: &str, value: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, value).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        path
    }

    pub(crate) fn add(mut self, toml: &str) -> Self {
        self.config += toml;
        self
    }

    pub(crate) fn config(&self) -> String {
        let path = self.folder.path().join("menjin.toml");
        std::fs::write(&path, &self.config).expect("written");
        path.to_string_lossy().into_owned()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// An empty ledger in its data folder.
    pub(crate) fn make_ledger(&self) {
        std::fs::create_dir_all(self.data()).expect("made");
        let writer = ledger::Writer::open(&self.data(), ledger::Options::default());
        drop(writer.expect("a ledger"));
    }

    /// Starts the daemon and waits until it is ready.
    pub(crate) fn start(&self, args: &[&str]) -> Daemon {
        self.start_with(args, &[])
    }

    /// The same, with these environment variables.
    pub(crate) fn start_with(&self, args: &[&str], variables: &[(&str, String)]) -> Daemon {
        let program = Command::new(env!("CARGO_BIN_EXE_menjin"));
        self.launch(program, args, variables)
    }

    /// The same, allowed to open no more than so many files.
    pub(crate) fn start_within(&self, files: usize, args: &[&str]) -> Daemon {
        let mut program = Command::new("prlimit");
        program.args([&format!("--nofile={files}"), env!("CARGO_BIN_EXE_menjin")]);
        self.launch(program, args, &[])
    }

    /// The same from a shell whose mask for new files is this.
    pub(crate) fn start_under(&self, umask: &str, args: &[&str]) -> Daemon {
        let mut shell = Command::new("sh");
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_menjin")]);
        self.launch(shell, args, &[])
    }

    fn launch(&self, mut program: Command, args: &[&str], variables: &[(&str, String)]) -> Daemon {
        let log = self.folder.path().join("menjin.log");
        let errors = std::fs::File::create(&log).expect("a log");
        let mut process = program
            .args(["run", "--config", &self.config(), "--watch"])
            .args(args)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .current_dir(project())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("the daemon starts");
        let output = process.stdout.take().expect("piped");
        let lines = std::thread::spawn(move || {
            BufReader::new(output)
                .lines()
                .map_while(Result::ok)
                .collect()
        });
        let mut daemon = Daemon {
            process,
            log,
            lines: Some(lines),
        };
        daemon.until("it is ready", Duration::from_secs(60), |d| {
            d.log().contains(" ready ")
        });
        daemon
    }

    /// What the ledger holds.
    pub(crate) fn passages(&self) -> Vec<PassageView> {
        match Reader::open(&self.data()) {
            Ok(reader) => reader.since(passage::PassageId(0), 1000).expect("readable"),
            Err(_) => Vec::new(),
        }
    }

    /// The ledger agrees with its files.
    pub(crate) fn assert_sound(&self) {
        let reader = Reader::open(&self.data()).expect("a ledger");
        let findings = reader
            .check(&ledger::CheckOptions::default())
            .expect("checked");
        assert!(findings.is_empty(), "{findings:#?}");
    }
}

/// A running daemon, killed when dropped.
pub(crate) struct Daemon {
    process: Child,
    log: PathBuf,
    lines: Option<std::thread::JoinHandle<Vec<String>>>,
}

impl Daemon {
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits for something to become true while the daemon runs.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, limit: Duration, mut is: impl FnMut(&Self) -> bool) {
        let started = Instant::now();
        while !is(self) {
            let ended = self.process.try_wait().expect("asked");
            assert!(
                ended.is_none(),
                "the daemon ended before {what}:\n{}",
                self.log()
            );
            assert!(
                started.elapsed() < limit,
                "waited for {what} in vain:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .expect("kill runs")
                .success()
        );
    }

    /// Waits for its end; what it printed, and its exit code.
    #[track_caller]
    pub(crate) fn ended(mut self, limit: Duration) -> (Vec<String>, Option<i32>) {
        let started = Instant::now();
        let code = loop {
            if let Some(status) = self.process.try_wait().expect("asked") {
                break status.code();
            }
            assert!(
                started.elapsed() < limit,
                "the daemon does not end:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(100));
        };
        let lines = self.lines.take().expect("once").join().expect("read");
        (lines, code)
    }

    /// How many it has of what the system lists: `fd` open files, `task` threads.
    pub(crate) fn count(&self, what: &str) -> usize {
        let path = format!("/proc/{}/{what}", self.process.id());
        std::fs::read_dir(path).expect("running").count()
    }

    /// Its command line as other users see it.
    pub(crate) fn command_line(&self) -> String {
        let path = format!("/proc/{}/cmdline", self.process.id());
        text(&std::fs::read(path).expect("running"))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
