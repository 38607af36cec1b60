//! A ledger that was restored from an old backup meets platforms that know more than it does.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use common::{Gate, shipped, until, yunnan};
use jiff::{SignedDuration, Timestamp};
use ledger::{BackupFolder, BackupOptions, RestoreOptions, Takes, restore};
use passage::{Cargo, Direction, PaperEntry, PaperPassage, PassageKey};
use simulator::{Dialect, Options, RunningSimulator, serve};
use sync::{Platform, PlatformSettings, WorkerHandle, spawn};

static GO_ON: AtomicBool = AtomicBool::new(false);

fn settings(platform: &RunningSimulator, dialect: Dialect) -> PlatformSettings {
    let plain = yunnan(&platform.base_url());
    match dialect {
        Dialect::Henan => PlatformSettings {
            names: [("organ".to_owned(), "410000".to_owned())].into(),
            enterprise_code: Some("91410000TEST00001".to_owned()),
            paths: BTreeMap::new(),
            ..plain
        },
        _ => plain,
    }
}

fn work(gate: &Gate, platform: &RunningSimulator, dialect: Dialect) -> WorkerHandle {
    let settings = settings(platform, dialect);
    let adapter = shipped(match dialect {
        Dialect::Henan => "henan-transport-control",
        _ => "yunnan",
    });
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, adapter, gate.ledger.clone()).unwrap();
    spawn(sink, gate.ledger.clone(), pace)
}

/// A passage of the backup that was sent after it, one that is wholly of the gap, and the gate
/// restored from the backup.
async fn restored(
    platform: &RunningSimulator,
    dialect: Dialect,
) -> (Gate, Timestamp, tempfile::TempDir) {
    let gate = Gate::new("regulator");
    let minutes = |n: u64| Duration::from_secs(60 * n);
    gate.passage("lane-1", "豫A11111D", minutes(50)).await;
    let backups = tempfile::tempdir().unwrap();
    let to = backups.path().to_owned();
    let at = Timestamp::now() - SignedDuration::from_mins(40);
    let made = gate.ledger.read(move |reader| {
        let options = BackupOptions {
            at,
            keep: 1,
            prepare: true,
            stop: &GO_ON,
        };
        reader.back_up(&to, &options)
    });
    made.await.unwrap();
    gate.passage("lane-1", "豫A22222D", minutes(30)).await;
    let lost = gate.ledger.read(|reader| reader.recent(1)).await;
    let lost = lost.unwrap()[0].decided_at;
    let worker = work(&gate, platform, dialect);
    until(worker.status(), |s| s.acknowledged == 2).await;
    worker.stop().await;
    drop(gate.close());

    let clean = tempfile::tempdir().unwrap();
    let options = RestoreOptions {
        from: &BackupFolder(backups.path().to_owned()),
        backup: None,
        to: clean.path(),
        at: Timestamp::now(),
        accept_missing: false,
    };
    restore(&options).unwrap();
    (
        Gate::at(clean, "regulator", Takes::default()),
        lost,
        backups,
    )
}

/// Somebody types in from paper a passage of the very second of the one that is lost.
async fn enter(gate: &Gate, passed_at: Timestamp) {
    let paper = PaperPassage {
        key: PassageKey::random(),
        entry: PaperEntry {
            lane: "lane-1".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::In,
            passed_at,
            plate: "豫A33333D".into(),
            color: plate::Color::YellowGreen,
            cargo: None::<Cargo>,
            who: "门卫".to_owned(),
            why: "恢复备份后补录".to_owned(),
        },
        entered_at: Timestamp::now(),
    };
    let entered = gate
        .ledger
        .write(move |writer| writer.enter_paper(&paper, &[]));
    entered.await.unwrap();
}

#[tokio::test]
async fn after_a_restore_a_platform_has_each_passage_once_and_a_person_is_told_of_the_rest() {
    let platform = serve(Options::of(Dialect::Henan)).await.unwrap();
    let (gate, lost, _backups) = restored(&platform, Dialect::Henan).await;
    enter(&gate, lost).await;
    let worker = work(&gate, &platform, Dialect::Henan);
    // The one that was sent in the gap is told to a person; the new one takes no number of a lost one.
    let status = until(worker.status(), |s| s.refused == 1 && s.acknowledged == 1).await;
    assert_eq!(status.waiting, 0);
    let refused = gate.ledger.read(|reader| reader.refused(10)).await;
    let refused = refused.unwrap();
    let words = &refused[0].words;
    assert!(words.contains("restored from a backup of"), "{words}");
    assert_eq!(platform.counts().passages, 3);

    // The person has compared, and sends it again: acknowledged, and not doubled.
    let row = refused[0].id;
    let again = gate
        .ledger
        .write(move |writer| writer.resend(&[row], Timestamp::now(), "李工", "已核对"));
    again.await.unwrap();
    until(worker.status(), |s| s.acknowledged == 2).await;
    assert_eq!(platform.counts().passages, 3);
    let mut serials: Vec<_> = platform.received().into_iter().map(|a| a.serial).collect();
    serials.dedup();
    assert_eq!(serials.len(), 3, "{serials:?}");
    worker.stop().await;
}

#[tokio::test]
async fn a_number_made_of_the_key_is_known_again_after_a_restore() {
    let platform = serve(Options::of(Dialect::Yunnan)).await.unwrap();
    let (gate, lost, _backups) = restored(&platform, Dialect::Yunnan).await;
    enter(&gate, lost).await;
    let worker = work(&gate, &platform, Dialect::Yunnan);
    let status = until(worker.status(), |s| s.acknowledged == 2).await;
    assert_eq!((status.refused, platform.counts().passages), (0, 3));
    worker.stop().await;
}
