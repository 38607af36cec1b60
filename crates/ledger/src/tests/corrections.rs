//! What people add: corrections beside the first reading, cargo, paper, weighings, visits.

use std::collections::HashSet;
use std::time::Duration;

use passage::*;
use serde_json::json;

use super::registers::{next, vehicle, written};
use super::{at, findings, head, open, options, passed, photo, truck};
use crate::*;

const SINK: &str = "regulator:test";

fn change(item: CorrectedItem, replaces: Option<&str>, value: &str) -> Change {
    Change {
        item,
        replaces: replaces.map(str::to_owned),
        value: value.to_owned(),
    }
}

fn correction(changes: Vec<Change>, ms: i64) -> Correction {
    Correction {
        changes,
        who: "门卫老张".to_owned(),
        why: "看照片".to_owned(),
        at: at(ms),
    }
}

fn plate(replaces: Option<&str>, value: &str) -> Correction {
    correction(vec![change(CorrectedItem::Plate, replaces, value)], 9000)
}

fn passage(writer: &Writer, id: PassageId) -> PassageView {
    writer.reader().unwrap().passage(id).unwrap().unwrap()
}

/// One sink that takes corrections, due at once.
fn open_taking(folder: &std::path::Path) -> Writer {
    let mut options = options(&[SINK]);
    options.sinks[0].takes.corrections = true;
    options.sinks[0].wait = Duration::ZERO;
    Writer::open(folder, options).unwrap()
}

fn claim(writer: &mut Writer) -> Vec<OutboxItem> {
    writer
        .claim_due(&Claim {
            sink: SINK,
            now: at(10_000),
            live_window: Duration::from_secs(300),
            limit: 10,
            backlog_limit: 10,
        })
        .unwrap()
}

fn paper(plate: &str, ms: i64) -> PaperPassage {
    PaperPassage {
        key: PassageKey::random(),
        entry: PaperEntry {
            lane: String::new(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::In,
            passed_at: at(ms),
            plate: plate.into(),
            color: plate::Color::Blue,
            cargo: None,
            who: "门卫老张".to_owned(),
            why: "停电".to_owned(),
        },
        entered_at: at(90_000),
    }
}

#[test]
fn a_correction_holds_and_the_first_reading_stays() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    let before = passage(&writer, id);
    let changes = vec![
        change(CorrectedItem::Plate, Some("苏A12345"), "苏A12346"),
        change(CorrectedItem::Color, Some("yellow"), "blue"),
        change(CorrectedItem::Direction, Some("in"), "out"),
    ];
    assert_eq!(
        writer.correct(id, &correction(changes, 9000), &[]).unwrap(),
        1
    );
    let after = passage(&writer, id);
    assert_eq!(after.plate(), Some(("苏A12346", plate::Color::Blue)));
    assert_eq!(after.direction, Direction::Out);
    assert_eq!(after.first_reading.as_ref(), Some(&before.reading));
    assert_eq!(after.corrections.len(), 3);
    assert!(!after.corrections[0].manual, "it had been read");
    assert_eq!(findings(data.path()), []);
    for sql in [
        "UPDATE corrections SET after = 'x'",
        "DELETE FROM corrections",
    ] {
        assert!(writer.connection().execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn a_correction_of_what_no_longer_holds_is_refused_and_told_by_whom() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    writer
        .correct(id, &plate(Some("苏A12345"), "苏A1"), &[])
        .unwrap();
    let error = writer
        .correct(id, &plate(Some("苏A12345"), "苏A2"), &[])
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(
        error.to_string().contains("苏A1, set by 门卫老张"),
        "{error}"
    );
    assert_eq!(
        writer
            .correct(id, &plate(Some("苏A1"), "苏A2"), &[])
            .unwrap(),
        2
    );
    let unknown = writer.correct(PassageId(99), &plate(None, "苏A2"), &[]);
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::Conflict);
}

#[test]
fn values_that_cannot_be_are_refused_and_nothing_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    let read = Some("苏A12345");
    let bad = [
        correction(vec![], 0),
        correction(vec![change(CorrectedItem::Color, Some("yellow"), "2")], 0),
        correction(vec![change(CorrectedItem::Direction, Some("in"), "up")], 0),
        correction(vec![change(CorrectedItem::Cargo, None, "coal")], 0),
        plate(read, "苏A'; DROP TABLE passages"),
        plate(read, "苏A12345苏A12345苏A12345"),
        Correction {
            who: " ".to_owned(),
            ..plate(read, "苏A1")
        },
        Correction {
            why: String::new(),
            ..plate(read, "苏A1")
        },
        correction(
            vec![
                change(CorrectedItem::Plate, read, "苏A1"),
                change(CorrectedItem::Plate, read, "苏A2"),
            ],
            0,
        ),
    ];
    for wrong in bad {
        let error = writer.correct(id, &wrong, &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{wrong:?}");
    }
    assert_eq!(passage(&writer, id).corrections, []);
}

#[test]
fn a_plate_given_for_an_unread_vehicle_is_marked_manual() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let mut unread = truck(0);
    unread.reading = Reading::unread();
    let id = writer.decide(&unread, &head()).unwrap();
    assert_eq!(passage(&writer, id).plate(), None);
    let filter = Filter {
        unknown: Some(true),
        ..Filter::default()
    };
    let tasks = |writer: &Writer| {
        let page = writer.reader().unwrap().search(&filter, None, 10).unwrap();
        page.passages.len()
    };
    assert_eq!(tasks(&writer), 1, "it is a task for the guard");
    let both = correction(
        vec![
            change(CorrectedItem::Plate, None, "苏A12345"),
            change(CorrectedItem::Color, Some("unknown"), "yellow"),
        ],
        9000,
    );
    writer.correct(id, &both, &[]).unwrap();
    let view = passage(&writer, id);
    assert_eq!(view.plate(), Some(("苏A12345", plate::Color::Yellow)));
    assert!(view.corrections[0].manual);
    assert!(!view.reading.recognised, "no machine accepted it");
    assert_eq!(tasks(&writer), 0);
}

#[test]
fn a_photo_rendered_again_is_kept_beside_the_old_one() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    let old = passage(&writer, id).photo(PhotoKind::Head).unwrap().clone();
    let again = [photo(PhotoKind::Head, b"with the right plate")];
    writer
        .correct(id, &plate(Some("苏A12345"), "苏A1"), &again)
        .unwrap();
    let view = passage(&writer, id);
    let new = view.photo(PhotoKind::Head).unwrap();
    assert_eq!((old.revision, new.revision), (0, 1));
    assert!(new.path.ends_with("-head-r1.jpg"), "{}", new.path);
    let reader = writer.reader().unwrap();
    assert_eq!(reader.photo_bytes(new).unwrap(), b"with the right plate");
    assert_eq!(reader.photo_bytes(&old).unwrap(), b"the same, annotated");
    assert_eq!(findings(data.path()), []);
}

#[test]
fn a_correction_follows_what_was_sent_and_is_in_what_was_not() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open_taking(data.path());
    let id = writer.decide(&truck(0), &head()).unwrap();
    writer.finish(id, &passed(1), &[]).unwrap();
    writer
        .correct(id, &plate(Some("苏A12345"), "苏A1"), &[])
        .unwrap();
    let first = claim(&mut writer);
    assert_eq!(first.len(), 1, "nothing was sent, so nothing is corrected");
    assert_eq!(first[0].passage().unwrap().reading.plate, "苏A1");
    writer
        .correct(id, &plate(Some("苏A1"), "苏A2"), &[])
        .unwrap();
    assert_eq!(claim(&mut writer), [], "the passage first");
    writer.ack(first[0].id, at(10_000), "ok").unwrap();
    let second = claim(&mut writer);
    assert_eq!(second[0].kind, OutboxKind::PassageCorrected);
    assert_eq!(second[0].revision, 2);
    assert_eq!(second[0].passage().unwrap().reading.plate, "苏A2");
    writer.ack(second[0].id, at(10_000), "ok").unwrap();
    writer
        .correct(id, &plate(Some("苏A2"), "苏A3"), &[])
        .unwrap();
    assert_eq!(claim(&mut writer)[0].revision, 3, "each one once");
    assert_eq!(findings(data.path()), []);
}

#[test]
fn a_refused_passage_goes_again_when_it_is_repaired() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open_taking(data.path());
    let id = writer.decide(&truck(0), &head()).unwrap();
    let row = claim(&mut writer).remove(0);
    writer.refuse(row.id, at(10_000), "车牌号码不正确").unwrap();
    writer
        .correct(id, &plate(Some("苏A12345"), "苏A1"), &[])
        .unwrap();
    let again = claim(&mut writer);
    assert_eq!((again.len(), again[0].id), (1, row.id));
    assert_eq!(again[0].kind, OutboxKind::Passage);
}

#[test]
fn a_sink_that_takes_no_corrections_gets_none() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[SINK]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    writer.finish(id, &passed(1), &[]).unwrap();
    let row = claim(&mut writer).remove(0);
    writer.ack(row.id, at(10_000), "ok").unwrap();
    writer
        .correct(id, &plate(Some("苏A12345"), "苏A1"), &[])
        .unwrap();
    assert_eq!(claim(&mut writer), []);
}

#[test]
fn a_passage_from_paper_is_flagged_and_delivered_like_any_other() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open_taking(data.path());
    let mut entry = paper("苏A12345", 0);
    entry.entry.cargo = Some(Cargo {
        name: Some("焦炭".to_owned()),
        amount: Some(31.5),
        unit: CargoUnit::Tonne,
        source: CargoSource::Typed,
        gross_t: None,
        tare_t: None,
        net_t: None,
        ticket: None,
        weighed_at: None,
    });
    let id = writer.enter_paper(&entry, &[]).unwrap();
    assert_eq!(writer.enter_paper(&entry, &[]).unwrap(), id);
    let view = passage(&writer, id);
    assert_eq!(view.plate(), Some(("苏A12345", plate::Color::Blue)));
    assert_eq!(view.decided_at, at(0));
    let from = view.paper.as_ref().unwrap();
    assert_eq!(
        (from.who.as_str(), from.entered_at),
        ("门卫老张", at(90_000))
    );
    assert_eq!(view.cargo, entry.entry.cargo);
    assert!(!view.clock_trusted);
    let row = claim(&mut writer).remove(0);
    assert_eq!(
        (row.kind, row.generated_at),
        (OutboxKind::Passage, at(90_000))
    );
    assert_eq!(findings(data.path()), [], "paper needs no photo");
    entry.key = PassageKey::random();
    entry.entry.plate = " ".into();
    let error = writer.enter_paper(&entry, &[]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[test]
fn a_plate_in_a_spelling_that_is_not_stored_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    for spelling in ["冀Ｐ12346", "冀p12346", "冀P·12346"] {
        let given = correction(
            vec![change(CorrectedItem::Plate, Some("苏A12345"), spelling)],
            9000,
        );
        let error = writer.correct(id, &given, &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{spelling}");
    }
    assert_eq!(passage(&writer, id).corrections, []);
}

#[test]
fn keys_and_numbers_never_come_again_whatever_the_clock_does() {
    let data = tempfile::tempdir().unwrap();
    let mut seen = HashSet::new();
    let mut last = 0;
    let day = 86_400_000;
    for (round, ms) in [0, 5 * day, -400 * day, 0, 0].into_iter().enumerate() {
        // A restart between, as after a power cut with an empty clock battery.
        let mut writer = open(data.path(), &[]);
        for n in 0..3 {
            let new = truck(ms + n);
            assert!(seen.insert(new.key), "round {round}");
            let id = writer.decide(&new, &head()).unwrap();
            assert_eq!(id.0, last + 1, "round {round}");
            last = id.0;
        }
        let entry = paper("苏A1", ms);
        assert!(seen.insert(entry.key));
        last = writer.enter_paper(&entry, &[]).unwrap().0;
    }
    assert_eq!(last, 20);
}

#[test]
fn the_vehicle_of_a_passage_is_what_its_register_held_at_the_time() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let id = writer.decide(&truck(100), &head()).unwrap();
    assert_eq!(passage(&writer, id).vehicle, None);
    let emission = |writer: &Writer, id| {
        let (one, filter) = (passage(writer, id), |code: &str| Filter {
            emission: Some(code.to_owned()),
            ..Filter::default()
        });
        let shown = one
            .vehicle
            .as_ref()
            .and_then(|v| v.text("emissionStandard"))
            .map(str::to_owned);
        let reader = writer.reader().unwrap();
        for code in ["5", "6"] {
            let found = reader.search(&filter(code), None, 10).unwrap().passages;
            let is_found = found.iter().any(|p| p.id == id);
            assert_eq!(is_found, shown.as_deref() == Some(code), "{code}");
        }
        shown
    };
    let draft = written(&mut writer, vehicle("苏A12345", 200));
    assert_eq!(emission(&writer, id), None, "nobody has approved it");
    let five = written(&mut writer, next(&draft, RecordState::Approved, 300));
    assert_eq!(
        emission(&writer, id).as_deref(),
        Some("5"),
        "registered later"
    );
    let mut change = next(&five, RecordState::Approved, 400);
    change
        .values
        .insert("emissionStandard".to_owned(), json!("6"));
    let six = written(&mut writer, change);
    let later = writer.decide(&truck(500), &head()).unwrap();
    assert_eq!(emission(&writer, id).as_deref(), Some("5"));
    assert_eq!(emission(&writer, later).as_deref(), Some("6"));
    let blue = correction(vec![change_color("blue")], 600);
    writer.correct(later, &blue, &[]).unwrap();
    assert_eq!(
        emission(&writer, later),
        None,
        "another colour, another vehicle"
    );
    written(&mut writer, next(&six, RecordState::Retired, 700));
    let gone = writer.decide(&truck(800), &head()).unwrap();
    assert_eq!(emission(&writer, gone), None);
    assert_eq!(findings(data.path()), []);
}

fn change_color(value: &str) -> Change {
    change(CorrectedItem::Color, Some("yellow"), value)
}

#[test]
fn a_weighing_finds_the_nearest_passage_of_its_plate_once() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let hour = 3_600_000;
    let early = writer.decide(&truck(-2 * hour), &head()).unwrap();
    let near = writer.decide(&truck(0), &head()).unwrap();
    let weighing = |ms: i64, ticket: &str| Weighing {
        plate: "苏A12345".into(),
        weighed_at: at(ms),
        ticket: ticket.to_owned(),
        cargo: Some("铁矿石".to_owned()),
        gross_kg: Some(49_000),
        tare_kg: Some(17_500),
        net_kg: None,
    };
    let window = Duration::from_secs(1800);
    let mut add = |list: &[Weighing]| {
        writer
            .add_weighings(list, "地磅1", window, "称重接口", at(600_000))
            .unwrap()
    };
    let first = add(&[weighing(600_000, "B1")]);
    assert_eq!((first.kept, first.matched, first.unmatched), (1, 1, 0));
    let again = add(&[weighing(600_000, "B1"), weighing(9 * hour, "B2")]);
    assert_eq!(
        (again.kept, again.known, again.matched, again.unmatched),
        (1, 1, 0, 1)
    );
    let cargo = passage(&writer, near).cargo.unwrap();
    assert_eq!(cargo.net_t, Some(31.5));
    assert_eq!(cargo.source, CargoSource::Weighbridge);
    assert_eq!(cargo.ticket.as_deref(), Some("B1"));
    assert_eq!(passage(&writer, early).cargo, None);
    // The truck of the second ticket drives out only now.
    let late = writer.decide(&truck(9 * hour + 60_000), &head()).unwrap();
    let matched = writer
        .add_weighings(&[], "地磅1", window, "称重接口", at(9 * hour + 90_000))
        .unwrap();
    assert_eq!((matched.matched, matched.unmatched), (1, 0));
    assert_eq!(
        passage(&writer, late).cargo.unwrap().ticket.as_deref(),
        Some("B2")
    );
}

#[test]
fn an_entry_and_the_exit_after_it_are_a_visit() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let mut go = |ms: i64, plate: &str, direction, outcome| {
        let mut new = truck(ms);
        new.reading.plate = plate.to_owned();
        new.direction = direction;
        let id = writer.decide(&new, &head()).unwrap();
        let end = Finished {
            outcome,
            ..passed(ms + 1)
        };
        writer.finish(id, &end, &[]).unwrap();
        id
    };
    use Direction::{In, Out};
    let came = go(0, "苏A1", In, Outcome::Passed);
    go(10, "苏A2", In, Outcome::BackedOut);
    let left = go(20, "苏A1", Out, Outcome::Passed);
    let only_out = go(30, "苏A3", Out, Outcome::Passed);
    let twice = go(40, "苏A4", In, Outcome::Passed);
    let stays = go(50, "苏A4", In, Outcome::Passed);
    let visits = writer
        .reader()
        .unwrap()
        .visits(at(-1), at(1000), 100)
        .unwrap();
    let pairs: Vec<_> = visits
        .iter()
        .map(|v| (v.entered.map(|e| e.0), v.left.map(|l| l.0)))
        .collect();
    assert_eq!(
        pairs,
        [
            (Some(came), Some(left)),
            (None, Some(only_out)),
            (Some(twice), None),
            (Some(stays), None),
        ]
    );
    let reader = writer.reader().unwrap();
    let of = |plate, color, limit| {
        let visits = reader.visits_of(plate, color, at(-1), limit).unwrap();
        visits
            .iter()
            .map(|v| v.entered.map(|e| e.0))
            .collect::<Vec<_>>()
    };
    let color = visits[0].color;
    assert_eq!(of("苏A4", Some(color), 10), [Some(stays), Some(twice)]);
    assert_eq!(of("苏A4", None, 1), [Some(stays)], "the newest first");
    assert_eq!(of("苏A4", Some(plate::Color::Other), 10), []);
    assert_eq!(of("苏A2", None, 10), [], "it backed out");
}
