//! Backups and restores as the person who installs the gate meets them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::{Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);

/// Runs a command to its end; gives its exit code and everything it said.
fn told(args: &[&str]) -> (Option<i32>, String) {
    let out = menjin(args);
    (out.status.code(), text(&out.stdout) + &text(&out.stderr))
}

fn named(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn site() -> Site {
    Site::new().lane(
        "south-in",
        "in",
        "front",
        &format!(
            "{{ file = \"{}\", pace = \"as_fast\" }}",
            clip("short-720p.mp4").display()
        ),
    )
}

fn whole_backups(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder.join("databases")) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|backup| backup.join("manifest.json").exists())
        .collect()
}

#[test]
fn a_backup_beside_the_daemon_is_restored_onto_a_clean_computer_and_verified() {
    let site = site();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let backups = elsewhere.path().join("backups");
    let mut daemon = site.start(&[]);
    daemon.until("a passage's end", MINUTE, |_| {
        let passages = site.passages();
        !passages.is_empty() && passages.iter().all(|p| p.finished.is_some())
    });
    let config = site.config();
    let (code, said) = told(&["backup", "--config", &config, "--to", &named(&backups)]);
    assert_eq!(code, Some(0), "{said}");
    let kept = site.passages();
    assert!(said.contains(&format!("{} passages", kept.len())), "{said}");
    let (code, said) = told(&["backup", "--config", &config, "--to", &named(&backups)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("0 files of 0 MB were new"), "{said}");
    let (_, said) = told(&[
        "backup",
        "--config",
        &config,
        "--to",
        &named(&backups),
        "--list",
    ]);
    assert_eq!(said.lines().count(), 2, "{said}");

    // Nobody restores over the ledger in use.
    let (code, said) = told(&["restore", "--from", &named(&backups), "--config", &config]);
    assert_eq!(code, Some(1), "{said}");
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let (code, said) = told(&["restore", "--from", &named(&backups), "--config", &config]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("never writes over one"), "{said}");

    // The clean computer has the same configuration and no data.
    let old = site.folder.path().join("lost");
    std::fs::rename(site.data(), &old).expect("the disk died");
    let (code, said) = told(&["restore", "--from", &named(&backups), "--config", &config]);
    assert_eq!(code, Some(0), "{said}");
    let count = kept.len();
    assert!(
        said.contains(&format!("passages {count} = {count}")),
        "{said}"
    );
    assert!(said.contains("The ledger is whole"), "{said}");
    assert!(said.contains("the next one is 20000001"), "{said}");
    assert_eq!(site.passages(), kept);

    // And the daemon goes on from there.
    let mut daemon = site.start(&[]);
    daemon.until("the next passage", MINUTE, |_| {
        site.passages().len() > count
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    assert_eq!(site.passages()[count].id.0, 20_000_001);
    site.assert_sound();
    let (code, said) = told(&["verify", "--config", &config]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Restored from a backup"), "{said}");
}

#[test]
fn the_daemon_backs_up_by_itself_and_says_when_it_cannot() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let backups = elsewhere.path().join("backups");
    std::fs::create_dir(&backups).expect("where the disk will be mounted");
    let site = site().add(&format!("[backup]\nfolder = \"{}\"\n", backups.display()));
    let mut daemon = site.start(&[]);
    daemon.until("the alarm", MINUTE, |d| {
        d.log().contains("may not be mounted")
    });
    assert_eq!(std::fs::read_dir(&backups).expect("there").count(), 0);
    let page = |path: &str| {
        let url = format!("http://127.0.0.1:{}{path}", site.status_port);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let answer = reqwest::get(url).await.expect("answers");
            answer.text().await.expect("text")
        })
    };
    assert!(page("/metrics").contains("menjin_backup_overdue 1"));
    assert!(page("/metrics").contains("menjin_backup_fails 1"));
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let config = site.config();
    let (code, said) = told(&["check", "--config", &config]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("WRONG backups can't be made"), "{said}");

    // Prepared by hand once; a backup of long ago that is missing today's is made good at the start.
    let (code, said) = told(&["backup", "--config", &config]);
    assert_eq!(code, Some(0), "{said}");
    let first = whole_backups(&backups);
    std::fs::remove_file(first[0].join("manifest.json")).expect("removed");
    let mut daemon = site.start(&[]);
    daemon.until("a backup by itself", MINUTE, |_| {
        !whole_backups(&backups).is_empty()
    });
    daemon.until("the figure of it", MINUTE, |_| {
        page("/metrics").contains("menjin_backup_overdue 0")
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let (_, said) = told(&["status", "--config", &config]);
    assert!(said.contains("last whole backup: "), "{said}");
}
