//! What people say of visits goes before what was read: joined, split, left unseen, taken back.

use passage::*;

use super::{at, head, open, passed, truck};
use crate::*;

const BY: (&str, &str) = ("Li", "seen on the photos");

struct Gate {
    _data: tempfile::TempDir,
    writer: Writer,
}

impl Gate {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let writer = open(data.path(), &[]);
        Self {
            _data: data,
            writer,
        }
    }

    fn go(&mut self, ms: i64, plate: &str, direction: Direction) -> PassageId {
        let mut new = truck(ms);
        plate.clone_into(&mut new.reading.plate);
        new.reading.recognised = !plate.is_empty();
        new.direction = direction;
        let id = self.writer.decide(&new, &head()).unwrap();
        self.writer.finish(id, &passed(ms + 1), &[]).unwrap();
        id
    }

    fn say(&mut self, mark: VisitMark) -> Result<VisitMarkId> {
        let kept = self.writer.mark_visits(&[mark], BY, at(1_000_000))?;
        Ok(kept[0])
    }

    fn refused(&mut self, mark: VisitMark) -> ErrorKind {
        self.say(mark).unwrap_err().kind()
    }

    fn reader(&self) -> Reader {
        self.writer.reader().unwrap()
    }

    /// Entry and exit of each visit, the oldest first.
    fn visits(&self) -> Vec<(Option<PassageId>, Option<PassageId>)> {
        let visits = self.reader().visits(at(-1), at(10_000_000), 100).unwrap();
        let sides = |v: &Visit| (v.entered.map(|e| e.0), v.left.map(|l| l.0));
        visits.iter().map(sides).collect()
    }

    fn inside(&self) -> Vec<PassageId> {
        let inside = self.reader().inside(at(-1), at(10_000_000), 100).unwrap();
        inside.iter().map(|passage| passage.id).collect()
    }

    /// As the page of a vehicle tells it, which has only its visits.
    fn is_inside(&self, plate: &str) -> bool {
        let visits = self.reader().visits_of(plate, None, at(-1), 100);
        Visit::tell_inside(&visits.unwrap())
    }

    fn entry_of(&self, exit: PassageId) -> Option<PassageKey> {
        self.reader().entry_of(exit).unwrap()
    }

    fn key(&self, id: PassageId) -> Option<PassageKey> {
        Some(self.reader().passage(id).unwrap().unwrap().key)
    }
}

use Direction::{In, Out};

#[test]
fn an_exit_joined_to_an_entry_is_its_exit_whatever_was_read_and_both_plates_have_the_visit() {
    let mut gate = Gate::new();
    let entry = gate.go(0, "苏A12345", In);
    let misread = gate.go(100, "苏A12346", Out);
    let unread = gate.go(200, "", Out);
    assert_eq!(gate.inside(), [entry]);
    let lone = gate.reader().lone_exits(at(0), at(1000), 9).unwrap();
    let lone: Vec<_> = lone.iter().map(|exit| exit.id).collect();
    assert_eq!(lone, [misread, unread]);

    let (entry, exit) = (entry, misread);
    let mark = gate.say(VisitMark::Joined { entry, exit }).unwrap();
    assert_eq!(gate.visits(), [(Some(entry), Some(exit))]);
    assert_eq!(gate.inside(), []);
    assert!(!gate.is_inside("苏A12345"));
    assert_eq!(gate.entry_of(exit), gate.key(entry));
    for plate in ["苏A12345", "苏A12346"] {
        let of = gate.reader().visits_of(plate, None, at(-1), 9).unwrap();
        assert_eq!((of.len(), of[0].mark), (1, Some(mark)), "{plate}");
        let said = gate.reader().visit_marks_of(plate, 9).unwrap();
        assert_eq!((said.len(), said[0].who.as_str()), (1, "Li"), "{plate}");
    }
    let second = VisitMark::Joined {
        entry,
        exit: unread,
    };
    assert_eq!(gate.refused(second), ErrorKind::Conflict);
    gate.writer
        .withdraw_visit_mark(mark, ("Wang", "the other truck"), at(2_000_000))
        .unwrap();
    assert_eq!(gate.inside(), [entry]);
    assert_eq!(gate.entry_of(exit), None);
    gate.say(second).unwrap();
    assert_eq!(gate.inside(), [], "an exit without a plate is one as well");
    assert_eq!(gate.entry_of(unread), gate.key(entry));
}

#[test]
fn passages_that_were_joined_leave_the_others_of_their_plates_alone() {
    let mut gate = Gate::new();
    let truck = gate.go(0, "苏A1", In);
    // Another vehicle, read as the first; it leaves under its own plate.
    let misread = gate.go(100, "苏A1", In);
    let left = gate.go(200, "苏A1", Out);
    let other_left = gate.go(300, "苏A7", Out);
    assert_eq!(gate.entry_of(left), gate.key(misread));
    assert!(!gate.is_inside("苏A1"));
    gate.say(VisitMark::Joined {
        entry: misread,
        exit: other_left,
    })
    .unwrap();
    assert_eq!(
        gate.visits(),
        [(Some(truck), Some(left)), (Some(misread), Some(other_left))]
    );
    assert_eq!(gate.inside(), []);
    assert_eq!(gate.entry_of(left), gate.key(truck));
}

#[test]
fn what_was_split_is_no_visit_and_the_vehicle_is_still_inside() {
    let mut gate = Gate::new();
    let entry = gate.go(0, "苏A1", In);
    let exit = gate.go(100, "苏A1", Out);
    let other = gate.go(50, "苏A2", In);
    let split = VisitMark::Split { entry, exit };
    let wrong = VisitMark::Split { entry: other, exit };
    assert_eq!(gate.refused(wrong), ErrorKind::Invalid, "they are none");
    let mark = gate.say(split).unwrap();
    assert_eq!(
        gate.visits(),
        [(Some(entry), None), (Some(other), None), (None, Some(exit))]
    );
    assert_eq!(gate.inside(), [entry, other]);
    assert!(gate.is_inside("苏A1") && gate.is_inside("苏A2"));
    assert_eq!(gate.entry_of(exit), None);
    assert_eq!(gate.refused(split), ErrorKind::Conflict);
    let again = VisitMark::Joined { entry, exit };
    assert_eq!(gate.refused(again), ErrorKind::Conflict, "take that back");
    gate.say(VisitMark::Joined { entry: other, exit }).unwrap();
    assert_eq!(gate.inside(), [entry]);
    let by = ("Wang", "it was right");
    gate.writer.withdraw_visit_mark(mark, by, at(0)).unwrap();
    let again = gate.writer.withdraw_visit_mark(mark, by, at(0));
    assert_eq!(again.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(gate.inside(), [entry], "the exit belongs to the other");
}

#[test]
fn who_left_unseen_is_not_inside_and_the_next_exit_is_not_its_exit() {
    let mut gate = Gate::new();
    let entry = gate.go(0, "苏A1", In);
    for left_at in [at(-1), at(1_000_001)] {
        let wrong = VisitMark::Left { entry, left_at };
        assert_eq!(gate.refused(wrong), ErrorKind::Invalid, "{left_at}");
    }
    let left_at = at(500);
    gate.say(VisitMark::Left { entry, left_at }).unwrap();
    assert_eq!(gate.inside(), []);
    let visits = gate.reader().visits(at(-1), at(1000), 9).unwrap();
    assert_eq!(visits[0].left_unseen_at, Some(left_at));
    assert!(!visits[0].is_open());
    let exit = gate.go(900, "苏A1", Out);
    assert_eq!(gate.visits(), [(Some(entry), None), (None, Some(exit))]);
    assert_eq!(gate.entry_of(exit), None);
    let back = gate.go(2_000, "苏A1", In);
    assert_eq!(gate.inside(), [back], "it came again");
    assert!(gate.is_inside("苏A1"));
}

#[test]
fn a_stocktaking_is_kept_whole_or_not_at_all() {
    let mut gate = Gate::new();
    let entries = [gate.go(0, "苏A1", In), gate.go(10, "苏A2", In)];
    gate.go(20, "苏A3", In);
    let gone = entries.map(|entry| VisitMark::Left {
        entry,
        left_at: at(600),
    });
    let seen = gate.go(500, "苏A2", Out);
    let refused = gate.writer.mark_visits(&gone, BY, at(1000)).unwrap_err();
    assert_eq!(
        refused.kind(),
        ErrorKind::Conflict,
        "one has left meanwhile"
    );
    assert_eq!(gate.inside().len(), 2, "and nothing was said of the other");
    assert!(
        gate.writer
            .mark_visits(&gone[..1], ("Li", " "), at(1000))
            .is_err()
    );
    let kept = gate.writer.mark_visits(&gone[..1], BY, at(1000)).unwrap();
    assert_eq!((kept.len(), gate.inside().len()), (1, 1));
    assert_eq!(gate.entry_of(seen), gate.key(entries[1]));
    let verdict = gate.reader().verify(&VerifyOptions::default()).unwrap();
    assert!(verdict.breaks.is_empty(), "{verdict:?}");
    for sql in [
        "UPDATE visit_marks SET who = 'x'",
        "DELETE FROM visit_marks",
    ] {
        let refused = gate.writer.connection().execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("never"), "{refused}");
    }
}

#[test]
fn what_can_be_no_visit_is_refused() {
    let mut gate = Gate::new();
    let exit = gate.go(0, "苏A1", Out);
    let entry = gate.go(100, "苏A1", In);
    let unknown = PassageId(99);
    for wrong in [
        VisitMark::Joined { entry, exit },
        VisitMark::Joined {
            entry: exit,
            exit: entry,
        },
        VisitMark::Joined {
            entry: unknown,
            exit,
        },
        VisitMark::Left {
            entry: exit,
            left_at: at(200),
        },
    ] {
        assert_eq!(gate.refused(wrong), ErrorKind::Invalid, "{wrong:?}");
    }
    let nobody = gate.writer.mark_visits(&[], BY, at(0));
    assert_eq!(nobody.unwrap_err().kind(), ErrorKind::Invalid);
}
