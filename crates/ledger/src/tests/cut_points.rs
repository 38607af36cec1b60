//! The evidence procedure, stopped at every step in every way. See `docs/design/ledger.md`.

use std::fs;
use std::path::Path;

use passage::*;

use super::faulty_disk::{Fault, FaultyDisk};
use super::{body, findings, head, open, options, passed, truck};
use crate::*;

/// Runs `attempt` with `fault` at each of its steps in turn, on a ledger made by `prepare`; then
/// looks at what a restart finds. Gives how many steps there were.
fn at_each_step(
    fault: Fault,
    prepare: impl Fn(&mut Writer),
    attempt: impl Fn(&mut Writer) -> Result<()>,
    is_done: impl Fn(&Reader) -> bool,
) -> usize {
    for step in 0.. {
        let data = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::default();
        let mut writer =
            Writer::open_on(data.path(), options(&["mqtt"]), Box::new(disk.clone())).unwrap();
        prepare(&mut writer);
        disk.arm(fault, step);
        let answer = attempt(&mut writer);
        if !disk.is_spent() {
            answer.expect("no step failed");
            return step;
        }
        let error = answer.expect_err("a step failed");
        match fault {
            Fault::NoSpace => assert_eq!(error.kind(), ErrorKind::DiskFull, "step {step}: {error}"),
            Fault::ReadOnly => assert_eq!(error.kind(), ErrorKind::ReadOnly, "step {step}"),
            Fault::Stop | Fault::PowerCut => {}
        }
        if !fault.ends_the_process() {
            attempt(&mut writer).expect("the same call again, in the same process");
            assert!(is_done(&writer.reader().unwrap()));
            assert_eq!(findings(data.path()), [], "{fault:?} at step {step}");
        }
        drop(writer);
        if fault == Fault::PowerCut {
            disk.cut_power();
        }
        restart(
            data.path(),
            &attempt,
            &is_done,
            &format!("{fault:?} at step {step}"),
        );
    }
    unreachable!()
}

fn restart(
    data: &Path,
    attempt: impl Fn(&mut Writer) -> Result<()>,
    is_done: impl Fn(&Reader) -> bool,
    after: &str,
) {
    let mut writer = open(data, &["mqtt"]);
    let part = fs::read_dir(data.join("photos/.part")).unwrap().count();
    assert_eq!(part, 0, "{after}: half-written photos are cleared");
    let found = findings(data);
    assert!(
        found.iter().all(|f| f.code == FindingCode::OrphanFile),
        "{after}: {found:?}"
    );
    attempt(&mut writer).unwrap();
    assert!(
        is_done(&writer.reader().unwrap()),
        "{after}: the call again settles it"
    );
    assert_eq!(
        findings(data),
        [],
        "{after}: orphans were taken up by the second call"
    );
}

#[test]
fn a_decision_cut_off_at_any_step_leaves_all_or_nothing_and_can_be_repeated() {
    let truck = truck(0);
    for fault in Fault::ALL {
        let steps = at_each_step(
            fault,
            |_| {},
            |writer| writer.decide(&truck, &head()).map(|_| ()),
            |reader| {
                let all = reader.recent(9).unwrap();
                all.len() == 1 && all[0].photos.len() == 2 && all[0].deliveries.len() == 1
            },
        );
        // 3 folders made and synced, 2 photos written, synced and named, 1 folder synced,
        // 3 cut points around the commit.
        assert_eq!(steps, 6 + 6 + 1 + 3);
    }
}

#[test]
fn an_end_cut_off_at_any_step_leaves_all_or_nothing_and_can_be_repeated() {
    let truck = truck(0);
    for fault in Fault::ALL {
        at_each_step(
            fault,
            |writer| assert_eq!(writer.decide(&truck, &head()).unwrap(), PassageId(1)),
            |writer| writer.finish(PassageId(1), &passed(9000), &body()),
            |reader| {
                let passage = reader.passage(PassageId(1)).unwrap().unwrap();
                passage.finished.is_some() && passage.photos.len() == 3
            },
        );
    }
}

#[test]
fn photos_left_without_a_row_are_found_and_swept() {
    let data = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::default();
    let mut writer = Writer::open_on(data.path(), options(&[]), Box::new(disk.clone())).unwrap();
    writer.decide(&truck(0), &head()).unwrap();
    disk.arm(Fault::Stop, 7);
    writer.decide(&truck(1), &head()).unwrap_err();
    drop(writer);

    let mut writer = open(data.path(), &[]);
    let found = findings(data.path());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|f| f.code == FindingCode::OrphanFile));
    let day = std::time::Duration::from_secs(86_400);
    assert_eq!(writer.sweep_orphans(day).unwrap(), 0, "they are young");
    assert_eq!(writer.sweep_orphans(std::time::Duration::ZERO).unwrap(), 2);
    assert_eq!(findings(data.path()), []);
}
