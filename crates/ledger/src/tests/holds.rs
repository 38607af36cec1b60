//! Gates held open: kept with who and why, in force until their time or their end, in the chain.

use jiff::SignedDuration;
use passage::{HoldStep, HoldStepView, NewHold};

use super::{at, head, open, passed, truck};
use crate::*;

fn hold(from_ms: i64, minutes: i64) -> NewHold {
    NewHold {
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        who: "Li".to_owned(),
        why: "convoy".to_owned(),
        from: at(from_ms),
        until: at(from_ms) + SignedDuration::from_mins(minutes),
    }
}

#[test]
fn a_hold_is_in_force_until_its_time_or_its_end_and_a_new_one_takes_its_place() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    for wrong in [hold(0, 0), hold(0, 24 * 60 + 1)] {
        let refused = writer.keep_hold(&wrong).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Invalid);
    }
    let nobody = NewHold {
        who: " ".to_owned(),
        ..hold(0, 10)
    };
    assert!(writer.keep_hold(&nobody).is_err());
    let first = writer.keep_hold(&hold(0, 10)).unwrap();
    let reader = writer.reader().unwrap();
    let in_force = |ms: i64| -> Vec<_> {
        let holds = reader.holds_in_force(at(ms)).unwrap();
        holds.into_iter().map(|hold| hold.id).collect()
    };
    assert_eq!(in_force(0), [first]);
    assert_eq!(in_force(599_999), [first]);
    assert!(in_force(600_000).is_empty() && in_force(-1).is_empty());
    let second = writer.keep_hold(&hold(300_000, 24 * 60)).unwrap();
    assert_eq!(in_force(300_000), [second], "one of a lane");
    let failed = HoldStepView {
        step: HoldStep::Failed,
        who: String::new(),
        why: "timed_out".to_owned(),
        at: at(301_000),
    };
    writer.step_hold(second, &failed).unwrap();
    writer.step_hold(second, &failed).unwrap();
    let by = ("Wang", "done");
    let nothing = writer.end_hold("south-in", by, at(400_000)).unwrap();
    assert_eq!(nothing, None);
    let ended = writer.end_hold("north-in", by, at(400_000)).unwrap();
    assert_eq!(ended, Some(second));
    assert!(in_force(400_000).is_empty());
    let all = reader.holds(at(0), 9).unwrap();
    assert_eq!(all[0].over_at(), at(400_000));
    assert_eq!(
        (all[0].steps.len(), all[0].ended().unwrap().who.as_str()),
        (3, "Wang")
    );
    assert_eq!(all[1].over_at(), at(300_000));
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    assert!(verdict.breaks.is_empty(), "{verdict:?}");
    for sql in ["UPDATE holds SET until_ms = 1", "DELETE FROM hold_steps"] {
        let refused = writer.connection().execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("never"), "{refused}");
    }
}

#[test]
fn a_row_says_that_its_gate_was_held_open() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let mut row = |decided_ms: i64| {
        let id = writer.decide(&truck(decided_ms), &head()).unwrap();
        writer.finish(id, &passed(decided_ms + 5_000), &[]).unwrap();
        id
    };
    let (before, beside, within, after) = (row(0), row(58_000), row(90_000), row(200_000));
    let held = writer.keep_hold(&hold(60_000, 2)).unwrap();
    let reader = writer.reader().unwrap();
    let of = |id| reader.passage(id).unwrap().unwrap().hold;
    assert_eq!((of(before), of(after)), (None, None));
    assert_eq!((of(beside), of(within)), (Some(held), Some(held)));
    assert!(reader.was_held("north-in", at(0), at(70_000)).unwrap());
    assert!(!reader.was_held("north-in", at(0), at(50_000)).unwrap());
    assert!(!reader.was_held("south-in", at(0), at(70_000)).unwrap());
}

#[test]
fn what_a_receiver_was_not_told_is_kept_with_how_far_it_is() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let cause = alarm::Cause::of(alarm::CauseKind::DiskShort, "disk");
    let (id, _) = writer.raise_alarm(&cause, false, at(0)).unwrap();
    writer.keep_back("guard", id, 7).unwrap();
    writer.keep_back("guard", id, 8).unwrap();
    let reader = writer.reader().unwrap();
    assert_eq!(reader.kept_back("guard").unwrap(), [id]);
    assert_eq!(reader.follower("guard").unwrap(), Some(8));
    assert!(reader.kept_back("other").unwrap().is_empty());
    writer.told_later("guard", id).unwrap();
    assert!(reader.kept_back("guard").unwrap().is_empty());
}
