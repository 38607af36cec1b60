//! Lifts by persons: kept whole, tied to one passage, in the chain.

use passage::{LiftId, LiftStep, LiftStepView, LiftWay, NewLift};

use super::{at, head, open, passed, truck};
use crate::*;

fn lift(way: LiftWay, who: &str) -> NewLift {
    NewLift {
        lane: "north-in".to_owned(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        way,
        who: who.to_owned(),
        why: who.to_owned(),
        at: at(0),
    }
}

fn step(step: LiftStep, passage: Option<passage::PassageId>) -> LiftStepView {
    LiftStepView {
        step,
        at: at(5000),
        passage,
        detail: String::new(),
    }
}

#[test]
fn a_lift_has_one_passage_and_a_passage_one_lift() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let nobody = writer.keep_lift(&lift(LiftWay::Software, "")).unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Invalid);
    let first = writer.keep_lift(&lift(LiftWay::Software, "Li")).unwrap();
    let second = writer.keep_lift(&lift(LiftWay::Unknown, "")).unwrap();
    let id = writer.decide(&truck(1000), &head()).unwrap();
    writer.finish(id, &passed(4000), &[]).unwrap();
    let keep = |writer: &mut Writer, lift, new| writer.step_lift(lift, &new).unwrap();
    assert!(keep(&mut writer, first, step(LiftStep::Obeyed, None)));
    assert!(keep(&mut writer, first, step(LiftStep::Passed, Some(id))));
    assert!(
        !keep(&mut writer, first, step(LiftStep::Unused, None)),
        "it is used"
    );
    assert!(
        !keep(&mut writer, second, step(LiftStep::Passed, Some(id))),
        "it has its lift"
    );
    let reader = writer.reader().unwrap();
    assert_eq!(reader.lift_of(id).unwrap(), Some(first));
    let open: Vec<LiftId> = reader.open_lifts().unwrap().iter().map(|l| l.id).collect();
    assert_eq!(open, [second]);
    assert!(keep(&mut writer, second, step(LiftStep::Unused, None)));
    assert!(reader.open_lifts().unwrap().is_empty());
    assert_eq!(reader.lifts_after(first, 9).unwrap().len(), 1);
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    assert!(verdict.breaks.is_empty(), "{verdict:?}");
    for sql in ["UPDATE lifts SET who = 'x'", "DELETE FROM lift_steps"] {
        let refused = writer.connection().execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("never"), "{refused}");
    }
}
