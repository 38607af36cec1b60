//! A real RTSP server in its own process, killed when dropped.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Stands in for cameras: serves clips over RTSP, each under its own name, again and again.
pub(crate) struct RtspServer {
    process: Child,
    port: u16,
}

impl RtspServer {
    /// Serves `mounts` (name, clip) on a free port.
    pub(crate) fn start(mounts: &[(&str, PathBuf)], login: Option<(&str, &Path)>) -> Self {
        Self::on_port(0, mounts, login)
    }

    /// Serves on a given port, for a camera that comes back; `login` is a user name and the file
    /// that holds the password.
    pub(crate) fn on_port(
        port: u16,
        mounts: &[(&str, PathBuf)],
        login: Option<(&str, &Path)>,
    ) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/rtsp_server.py");
        let mut command = Command::new("/usr/bin/python3");
        command
            .arg(script)
            .args(["--loop", "--port", &port.to_string()]);
        for (name, clip) in mounts {
            command
                .arg("--mount")
                .arg(format!("{name}={}", clip.display()));
        }
        if let Some((user, file)) = login {
            command.args(["--user", user, "--password-file"]).arg(file);
        }
        let mut process = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is installed");
        let output = process.stdout.take().expect("piped");
        let ready = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ready rtsp://").map(str::to_owned))
            .expect("the server says when it is ready");
        let port = ready
            .split('/')
            .next()
            .and_then(|host| host.rsplit(':').next())
            .and_then(|port| port.parse().ok())
            .expect("a port in the ready line");
        Self { process, port }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self, mount: &str) -> String {
        format!("rtsp://127.0.0.1:{}/{mount}", self.port)
    }

    /// Hangs like a camera whose firmware has crashed: connections stay open, nothing is sent.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.process.id().to_string();
        let status = Command::new("kill")
            .args([signal, &pid])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }
}

impl Drop for RtspServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
