//! `ipycam`, a camera in Python that shares no code with what asks it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use onvif::{Device, DeviceFault, Search, find};

use crate::support::{account, address};

struct Ipycam {
    process: Child,
    http: SocketAddr,
    discovery: SocketAddr,
}

impl Ipycam {
    fn start() -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut process = Command::new("/usr/bin/python3")
            .arg(root.join("scripts/onvif_camera.py"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/setup --test installs it");
        let mut line = String::new();
        let out = process.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let mut ports = line.split_whitespace().map(|port| {
            let port: u16 = port
                .parse()
                .unwrap_or_else(|_| panic!("ports, not {line:?}"));
            SocketAddr::from(([127, 0, 0, 1], port))
        });
        let mut port = || ports.next().expect("two ports");
        Self {
            http: port(),
            discovery: port(),
            process,
        }
    }
}

impl Drop for Ipycam {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn an_independent_camera_is_found_logged_in_to_and_described() {
    let camera = Ipycam::start();
    let search = Search {
        wait: Duration::from_secs(1),
        only: Some(camera.discovery),
    };
    let found = find(&search).await.expect("asked");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name, "Gate");
    let own = account("admin", "secret");
    let device = Device::connect(&address(camera.http), Some(&own)).await;
    let device = device.expect("a device");
    let told = device.describe().await.expect("described");
    assert_eq!(told.manufacturer, "PythonCam");
    let main = &told.profiles[0];
    assert_eq!(
        (main.width, main.height, &*main.codec),
        (1920, 1080, "H264")
    );
    assert!(main.url.starts_with("rtsp://127.0.0.1:"), "{main:?}");
    assert!(told.clock.expect("a clock").ahead_ms.abs() < 3000);
    // It has neither overlays nor contacts, which is no failure.
    assert!(told.overlays.is_empty() && told.outputs.is_empty());
}

#[tokio::test]
async fn an_independent_camera_refuses_a_wrong_password() {
    let camera = Ipycam::start();
    let wrong = account("admin", "wrong");
    let error = Device::connect(&address(camera.http), Some(&wrong)).await;
    let error = error.expect_err("refused");
    assert!(
        matches!(error.fault(), DeviceFault::Unauthorized { .. }),
        "{error}"
    );
}
