//! Alarms are raised once, seen once and stay for ever.

use alarm::{AlarmId, Cause, CauseKind, StepKind};
use jiff::Timestamp;

use super::{at, head, open, truck};
use crate::*;

fn dark() -> Cause {
    Cause::of(CauseKind::CameraDark, "north-in").in_lane("north-in")
}

fn open_ids(reader: &Reader) -> Vec<AlarmId> {
    let filter = AlarmFilter {
        open: true,
        ..AlarmFilter::default()
    };
    let open = reader.alarms(&filter, 100).unwrap();
    open.iter().map(|alarm| alarm.id).collect()
}

#[test]
fn one_of_a_kind_about_a_subject_is_open_at_a_time_and_a_drill_stands_beside_it() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let first = writer.raise_alarm(&dark(), false, at(0)).unwrap();
    assert_eq!(first, (AlarmId(1), true));
    assert_eq!(
        writer.raise_alarm(&dark(), false, at(1)).unwrap(),
        (AlarmId(1), false)
    );
    assert_eq!(
        writer.raise_alarm(&dark(), true, at(2)).unwrap(),
        (AlarmId(2), true)
    );
    let south = Cause::of(CauseKind::CameraDark, "south-in");
    assert!(writer.raise_alarm(&south, false, at(3)).unwrap().1);
    assert!(
        writer
            .step_alarm(AlarmId(1), StepKind::Cleared, 4, at(4))
            .unwrap()
    );
    assert!(
        !writer
            .step_alarm(AlarmId(1), StepKind::Again, 5, at(5))
            .unwrap()
    );
    let reader = writer.reader().unwrap();
    assert_eq!(open_ids(&reader), [AlarmId(3), AlarmId(2)]);
    assert_eq!(
        writer.raise_alarm(&dark(), false, at(6)).unwrap(),
        (AlarmId(4), true)
    );
    let cleared = reader.alarm(AlarmId(1)).unwrap().unwrap();
    assert_eq!(cleared.cause, dark());
    assert_eq!((cleared.times(), cleared.cleared().unwrap().at), (4, at(4)));
}

#[test]
fn who_has_seen_an_alarm_stands_with_the_reason_and_only_once() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let passage = writer.decide(&truck(0), &head()).unwrap();
    let broke_through = Cause {
        passage: Some(passage),
        plate: "苏A12345".to_owned(),
        ..Cause::of(CauseKind::DeniedPassed, "1")
    };
    let (lasts, _) = writer.raise_alarm(&dark(), false, at(1)).unwrap();
    let (once, _) = writer.raise_alarm(&broke_through, false, at(2)).unwrap();
    let by = ("Li", "called the driver");
    let nobody = writer.see_alarm(once, true, ("", "x"), at(3)).unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Invalid);
    writer.see_alarm(lasts, false, by, at(3)).unwrap();
    writer.see_alarm(once, true, by, at(4)).unwrap();
    let twice = writer.see_alarm(once, true, by, at(5)).unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Conflict);
    let unknown = writer.see_alarm(AlarmId(9), true, by, at(5)).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Invalid);
    let reader = writer.reader().unwrap();
    assert_eq!(
        open_ids(&reader),
        [lasts],
        "what lasts is not over by being seen"
    );
    let seen = reader.alarm(once).unwrap().unwrap();
    assert_eq!(seen.seen().unwrap().who, "Li");
    assert_eq!(seen.cause, broke_through);
}

#[test]
fn alarms_are_in_the_chain_and_refuse_to_be_edited() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let (id, _) = writer.raise_alarm(&dark(), false, at(0)).unwrap();
    writer.see_alarm(id, false, ("Li", "lamp"), at(1)).unwrap();
    let reader = writer.reader().unwrap();
    let sound = reader.verify(&VerifyOptions::default()).unwrap();
    assert_eq!((sound.links, sound.breaks.len()), (2, 0));
    for sql in [
        "UPDATE alarms SET kind = 'x'",
        "DELETE FROM alarms",
        "UPDATE alarm_steps SET who = 'x'",
        "DELETE FROM alarm_steps",
    ] {
        let refused = writer.connection().execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("never"), "{refused}");
    }
    writer
        .connection()
        .execute_batch(
            "DROP TRIGGER alarm_steps_stay; UPDATE alarm_steps SET why = 'nothing was wrong'",
        )
        .unwrap();
    let broken = reader.verify(&VerifyOptions::default()).unwrap();
    assert_eq!(broken.breaks[0].source, "alarm_steps");
}

#[test]
fn alarms_are_given_in_pages_from_a_time_on() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    for n in 0..5 {
        let cause = Cause::of(CauseKind::CameraDark, &n.to_string());
        writer.raise_alarm(&cause, false, at(n * 1000)).unwrap();
    }
    let reader = writer.reader().unwrap();
    let ids = |from: Option<Timestamp>, before: Option<i64>| -> Vec<i64> {
        let filter = AlarmFilter {
            open: false,
            from,
            before: before.map(AlarmId),
        };
        let page = reader.alarms(&filter, 2).unwrap();
        page.iter().map(|alarm| alarm.id.0).collect()
    };
    assert_eq!(ids(None, None), [5, 4]);
    assert_eq!(ids(None, Some(4)), [3, 2]);
    assert_eq!(ids(Some(at(4000)), None), [5]);
}

#[test]
fn a_follower_goes_on_where_it_was() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.follower("alarms").unwrap(), None);
    writer.set_follower("alarms", 7).unwrap();
    writer.set_follower("alarms", 9).unwrap();
    assert_eq!(reader.follower("alarms").unwrap(), Some(9));
}
