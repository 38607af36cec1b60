//! Backups in an object store as the person who installs the gate meets them.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Child;
use std::time::Duration;

use crate::support::{Site, clip, menjin, python_server, text};

const MINUTE: Duration = Duration::from_secs(60);

/// `scripts/s3_server.py`, which ends when its input is closed.
struct Store {
    port: u16,
    _process: Child,
}

impl Store {
    fn start() -> Self {
        let (process, port) = python_server("s3_server.py");
        Self {
            port: port.trim().parse().expect("a port"),
            _process: process,
        }
    }
}

fn told(args: &[&str]) -> (Option<i32>, String) {
    let out = menjin(args);
    (out.status.code(), text(&out.stdout) + &text(&out.stderr))
}

#[test]
fn the_daemon_backs_up_into_a_store_and_a_clean_computer_is_restored_from_it() {
    let store = Store::start();
    let clip = clip("short-720p.mp4").display().to_string();
    let camera = format!("{{ file = \"{clip}\", pace = \"as_fast\" }}");
    let site = Site::new().lane("south-in", "in", "front", &camera);
    let key = site.folder.path().join("backup-key");
    let (plain, file) = (site.config(), key.display().to_string());
    let new_key = || told(&["backup", "--new-key", &file, "--config", &plain]);
    let (code, said) = new_key();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("Keep a copy away from this computer"),
        "{said}"
    );
    let mode = std::fs::metadata(&key).expect("made").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let line = std::fs::read_to_string(&key).expect("read");
    assert_eq!(new_key().0, Some(1), "no key is written over");
    assert_eq!(std::fs::read_to_string(&key).expect("read"), line);

    let secret = site.folder.path().join("s3");
    std::fs::write(&secret, "hush\n").expect("written");
    let closed = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&secret, closed).expect("set");
    let folder = tempfile::tempdir().expect("a folder");
    let site = site.add(&format!(
        "[backup]\nfolder = \"{}\"\n[backup.s3]\nurl = \"http://127.0.0.1:{}\"\n\
         bucket = \"backups\"\nprefix = \"gate-a\"\naccess_key = \"gate\"\n\
         secret_key_file = \"s3\"\nencryption_key_file = \"backup-key\"\n",
        folder.path().join("not-mounted").display(),
        store.port,
    ));
    let config = site.config();
    let mut daemon = site.start(&[]);
    daemon.until("a passage's end", MINUTE, |_| {
        let passages = site.passages();
        !passages.is_empty() && passages.iter().all(|p| p.finished.is_some())
    });
    // The store has one by itself; the folder, which is not there, keeps it from nothing.
    daemon.until("a backup by itself", MINUTE, |d| {
        d.log().contains("backed up")
    });
    daemon.until("the folder's alarm", MINUTE, |d| {
        d.log().contains("no backup: look at its place")
    });
    let (code, said) = told(&["backup", "--to-store", "--config", &config]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!daemon.log().contains("hush"), "{}", daemon.log());
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let kept = site.passages();
    let (code, said) = told(&["backup", "--to-store", "--config", &config]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("{} passages", kept.len())), "{said}");
    let (_, said) = told(&["check", "--config", &config]);
    assert!(
        said.contains("/backups/gate-a: last whole backup: "),
        "{said}"
    );
    assert!(
        said.contains("not-mounted: backups can't be made"),
        "{said}"
    );

    std::fs::rename(site.data(), site.folder.path().join("lost")).expect("the disk died");
    let (code, said) = told(&["restore", "--from-store", "--config", &config]);
    assert_eq!(code, Some(0), "{said}");
    let count = kept.len();
    assert!(
        said.contains(&format!("passages {count} = {count}")),
        "{said}"
    );
    assert!(said.contains("The ledger is whole"), "{said}");
    assert_eq!(site.passages(), kept);
}
