//! Clips: wanted by what is in the chain, each once, across any end of the program; kept, and let go with their passages.

use alarm::{Cause, CauseKind};
use jiff::{SignedDuration, Timestamp};
use passage::*;

use super::{at, head, open, passed, truck};
use crate::*;

const LANES: [&str; 1] = ["north-in"];

fn lanes() -> Vec<String> {
    LANES.map(str::to_owned).to_vec()
}

fn denied(ms: i64) -> NewPassage {
    NewPassage {
        decision: Verdict::Deny,
        reason: "on_deny_list".to_owned(),
        ..truck(ms)
    }
}

fn lift(lane: &str, ms: i64) -> NewLift {
    NewLift {
        lane: lane.to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        way: LiftWay::Software,
        who: "Li".to_owned(),
        why: "unread".to_owned(),
        at: at(ms),
    }
}

fn wanted(writer: &mut Writer) -> Vec<(ClipKind, i64)> {
    while writer.want_clips(&lanes(), at(0)).unwrap() {}
    let wanted = writer.wanted_clips(100).unwrap();
    wanted
        .iter()
        .map(|clip| (clip.of.kind, clip.of.subject))
        .collect()
}

fn cut(clip: &WantedClip) -> NewClip {
    NewClip {
        of: clip.of,
        lane: clip.lane.clone(),
        from: clip.from,
        until: clip.until,
        state: ClipState::Partly,
        missing: vec![ClipHole {
            from: clip.from,
            until: clip.at,
            reason: "camera_away".to_owned(),
        }],
        files: vec![ClipFile {
            path: format!("@clips/2026-03-01/{}-{}.mp4", clip.of.kind, clip.of.subject),
            sha256: "5".repeat(64),
            size_bytes: 1000,
            from: clip.at,
            until: clip.until,
            pictures: 1500,
            coding: "avc1.64001f".to_owned(),
        }],
    }
}

fn all_cut(writer: &mut Writer) -> usize {
    let wanted = writer.wanted_clips(100).unwrap();
    for clip in &wanted {
        writer.keep_clip(&cut(clip), at(100_000)).unwrap();
    }
    wanted.len()
}

#[test]
fn denied_and_forced_passages_lifts_and_alarms_want_one_clip_each_whatever_ends_in_between() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer.decide(&denied(0), &head()).unwrap();
    assert_eq!(wanted(&mut writer), [], "nothing is recorded yet");
    writer.follow_clips(true).unwrap();
    let allowed = writer.decide(&truck(10_000), &head()).unwrap();
    let turned_away = writer.decide(&denied(20_000), &head()).unwrap();
    let late = writer.decide(&denied(30_000), &head()).unwrap();
    let soon = writer.decide(&denied(40_000), &head()).unwrap();
    let elsewhere = NewPassage {
        lane: "south".to_owned(),
        ..denied(50_000)
    };
    writer.decide(&elsewhere, &head()).unwrap();
    writer.finish(allowed, &passed(15_000), &[]).unwrap();
    writer.finish(late, &passed(200_000), &[]).unwrap();
    writer.finish(soon, &passed(60_000), &[]).unwrap();
    let raised = writer.keep_lift(&lift("north-in", 70_000)).unwrap();
    let about = |kind: CauseKind, subject: &str| Cause::of(kind, subject).in_lane("north-in");
    let raise = |writer: &mut Writer, cause: &Cause, drill| {
        writer.raise_alarm(cause, drill, at(80_000)).unwrap().0.0
    };
    let manual = about(CauseKind::ManualLift, &raised.to_string());
    raise(&mut writer, &manual, false);
    let forced = Cause {
        passage: Some(soon),
        ..about(CauseKind::DeniedPassed, &soon.to_string())
    };
    raise(&mut writer, &forced, false);
    raise(&mut writer, &about(CauseKind::BarrierFailed, "01"), true);
    raise(&mut writer, &Cause::of(CauseKind::DiskShort, "disk"), false);
    let camera = raise(&mut writer, &about(CauseKind::CameraDark, "north"), false);
    let all = [
        (ClipKind::Passage, turned_away.0),
        (ClipKind::Passage, late.0),
        (ClipKind::Passage, soon.0),
        (ClipKind::Lift, raised.0),
        (ClipKind::Alarm, camera),
        (ClipKind::Forced, late.0),
    ];
    assert_eq!(wanted(&mut writer), all);
    assert_eq!(wanted(&mut writer), all, "none twice");
    let first = writer.wanted_clips(1).unwrap().remove(0);
    assert_eq!((first.from, first.until), (at(6000), at(80_000)));
    assert_eq!(
        (&*first.entrance, &*first.barrier, &*first.plate),
        ("A", "01", "苏A12345")
    );
    drop(writer);
    let mut writer = open(data.path(), &[]);
    writer.follow_clips(true).unwrap();
    assert_eq!(wanted(&mut writer), all, "a restart loses none");
    assert_eq!(all_cut(&mut writer), all.len());
    assert_eq!(wanted(&mut writer), []);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.clips_of_passage(late).unwrap().clips.len(), 2);
    assert_eq!(reader.clip_bytes().unwrap(), 6000);
    let kept = reader.clip_of(ClipOf::passage(late)).unwrap().unwrap();
    assert_eq!(kept.clip.state, ClipState::Partly);
    assert_eq!(kept.clip.missing[0].reason, "camera_away");
    assert_eq!(kept.clip.files[0].pictures, 1500);
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    assert!(verdict.breaks.is_empty(), "{verdict:?}");
    let edits = [
        "UPDATE clips SET state = 'none'",
        "DELETE FROM clip_files",
        "DELETE FROM clip_requests",
    ];
    writer.request_clip(allowed, "Li", at(0)).unwrap();
    for sql in edits {
        assert!(writer.connection().execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn the_video_of_a_lift_is_waited_for_from_the_lift_on_until_it_is_cut() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let unrecorded = writer.keep_lift(&lift("north-in", 0)).unwrap();
    writer.follow_clips(true).unwrap();
    let here = writer.keep_lift(&lift("north-in", 1000)).unwrap();
    let elsewhere = writer.keep_lift(&lift("south", 2000)).unwrap();
    let reader = writer.reader().unwrap();
    let waits = || [unrecorded, here, elsewhere].map(|id| reader.clips_of_lift(id).unwrap().waits);
    assert_eq!(waits(), [false, true, true], "nobody has looked so far");
    assert_eq!(wanted(&mut writer), [(ClipKind::Lift, here.0)]);
    assert_eq!(waits(), [false, true, false], "south is not recorded");
    all_cut(&mut writer);
    assert_eq!(waits(), [false; 3]);
    let kept = reader.clips_of_lift(here).unwrap().clips;
    assert_eq!((kept.len(), kept[0].clip.files.len()), (1, 1));
}

#[test]
fn a_person_has_the_video_of_any_passage_kept_and_asks_once() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer.follow_clips(true).unwrap();
    let elsewhere = NewPassage {
        lane: "south".to_owned(),
        ..truck(0)
    };
    let id = writer.decide(&elsewhere, &head()).unwrap();
    let refused = [
        writer.request_clip(id, " ", at(0)).unwrap_err(),
        writer.request_clip(PassageId(99), "Li", at(0)).unwrap_err(),
    ];
    assert!(refused.iter().all(|e| e.kind() == ErrorKind::Invalid));
    assert!(writer.request_clip(id, "Li", at(0)).unwrap());
    let reader = writer.reader().unwrap();
    assert!(reader.clips_of_passage(id).unwrap().waits);
    assert!(!writer.request_clip(id, "Wang", at(0)).unwrap());
    assert_eq!(wanted(&mut writer), [(ClipKind::Passage, id.0)]);
    all_cut(&mut writer);
    assert!(!reader.clips_of_passage(id).unwrap().waits);
    assert!(!writer.request_clip(id, "Wang", at(0)).unwrap());
}

#[test]
fn an_alarm_each_minute_gets_six_clips_an_hour_and_the_others_a_row_that_says_so() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer.follow_clips(true).unwrap();
    for minute in 0..60 {
        let cause = Cause::of(CauseKind::CameraCovered, &minute.to_string()).in_lane("north-in");
        writer
            .raise_alarm(&cause, false, at(minute * 60_000))
            .unwrap();
        wanted(&mut writer);
        if minute % 2 == 0 {
            all_cut(&mut writer);
        }
    }
    all_cut(&mut writer);
    let all = writer.reader().unwrap().clips(&ClipFilter::default(), 100);
    let all = all.unwrap();
    let of = |state| all.iter().filter(|clip| clip.clip.state == state).count();
    assert_eq!((of(ClipState::Partly), of(ClipState::LeftOut)), (6, 54));
    let other = Cause::of(CauseKind::CameraCovered, "later").in_lane("north-in");
    writer.raise_alarm(&other, false, at(3_700_000)).unwrap();
    assert_eq!(wanted(&mut writer).len(), 1, "the next hour has its own");
}

#[test]
fn a_clip_stays_for_as_long_as_the_photos_of_its_passage_and_its_row_for_good() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer.follow_clips(true).unwrap();
    let id = writer.decide(&denied(0), &head()).unwrap();
    writer.finish(id, &passed(5000), &[]).unwrap();
    let raised = writer.keep_lift(&lift("north-in", 1000)).unwrap();
    wanted(&mut writer);
    all_cut(&mut writer);
    let later = at(0) + SignedDuration::from_hours(25 * 31 * 24);
    let over = |writer: &Writer, before: Timestamp| -> Vec<ClipKind> {
        let over = writer.reader().unwrap().clips_over(before, 10).unwrap();
        over.iter().map(|clip| clip.clip.of.kind).collect()
    };
    assert_eq!(over(&writer, at(-60_000)), []);
    assert_eq!(over(&writer, later), [ClipKind::Lift]);
    let step = LiftStepView {
        step: LiftStep::Passed,
        at: at(5000),
        passage: Some(id),
        detail: String::new(),
    };
    writer.step_lift(raised, &step).unwrap();
    assert_eq!(over(&writer, later), [], "it shows who passed");
    let removed = writer.remove_photos(&[id], RemovalReason::Age, later);
    assert_eq!(removed.unwrap().passages, 1);
    assert_eq!(over(&writer, later), [ClipKind::Passage, ClipKind::Lift]);
    let clips = writer.reader().unwrap().clips_over(later, 10).unwrap();
    let ids: Vec<_> = clips.iter().map(|clip| clip.id).collect();
    writer.keep_clip_removals(&ids, later).unwrap();
    assert_eq!(over(&writer, later), []);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.clip_bytes().unwrap(), 0);
    assert_eq!(reader.clips_removed_since(later).unwrap().len(), 2);
    assert_eq!(reader.clip(ids[0]).unwrap().unwrap().removed, Some(later));
}
