//! Freezing and drawing.

use inspection::{Drawn, ErrorKind, Freeze, compare, sheet};
use ledger::{DrawnKind, InspectionMark, NewMark};
use passage::PassageId;

use crate::plant::{A_DAY, DAYS, Plant, day, now, zone};

#[test]
fn what_is_drawn_follows_from_the_freeze_and_the_seed_and_nothing_else() {
    let mut plant = Plant::new();
    let (first, second) = (plant.freeze(&[]), plant.freeze(&[]));
    let one = plant.draw(first, "雨天 7");
    // Whatever is written after the freeze changes nothing of it.
    plant.passage(2, 3, "A");
    let view = plant.reader().inspection(first).unwrap().unwrap();
    let freeze = Freeze::of(&view).unwrap();
    assert_eq!(freeze.passages(), u64::try_from(DAYS * A_DAY).unwrap());
    assert_eq!((freeze.vehicles.count, freeze.machines.count), (13, 12));
    let again = inspection::drawn(&plant.reader(), &view, "雨天 7", one.counts)
        .unwrap()
        .0;
    assert_eq!(again, one);
    let other = inspection::drawn(&plant.reader(), &view, "雨天 8", one.counts)
        .unwrap()
        .0;
    assert_ne!(other.passages, one.passages);
    assert_eq!((one.days.len(), one.passages.len()), (3, 5));
    assert_eq!((one.vehicles.len(), one.machines.len()), (10, 10));
    assert!(
        one.passages
            .iter()
            .all(|passage| one.days.contains(&passage.day))
    );
    // The head of the second freeze is another one: so is its draw.
    let two = plant.draw(second, "雨天 7");
    assert_ne!(two.code, one.code);
}

#[test]
fn a_freeze_is_drawn_once_and_every_draw_stays_for_all_to_see() {
    let mut plant = Plant::new();
    let id = plant.freeze(&[]);
    plant.draw(id, "1");
    let again = ledger::NewDraw {
        inspection: id,
        seed: "2".to_owned(),
        content: "{}".to_owned(),
        who: "Wang".to_owned(),
        at: now(),
    };
    let refused = plant.writer.keep_draw(&again).unwrap_err();
    assert_eq!(refused.kind(), ledger::ErrorKind::Conflict);
    let secret = plant.freeze(&[]);
    plant.draw(secret, "a better one");
    let all = plant.reader().inspections().unwrap();
    let seeds: Vec<_> = all
        .iter()
        .map(|one| one.draw.as_ref().unwrap().seed.as_str())
        .collect();
    assert_eq!(seeds, ["a better one", "1"]);
    for table in ["inspections", "inspection_draws"] {
        let sql = format!("DELETE FROM {table}");
        let path = plant.data.path().join("ledger.sqlite3");
        let database = rusqlite::Connection::open(path).unwrap();
        let refused = database.execute(&sql, []).unwrap_err();
        assert!(refused.to_string().contains("never"), "{refused}");
    }
    let verdict = plant
        .reader()
        .verify(&ledger::VerifyOptions::default())
        .unwrap();
    assert!(verdict.breaks.is_empty(), "{verdict:?}");
}

#[test]
fn what_cannot_be_frozen_or_drawn_is_refused_with_a_reason() {
    let mut plant = Plant::new();
    let reader = plant.reader();
    let freeze = |from, until| {
        let of = ("test plant", &zone());
        inspection::frozen(&reader, of, (from, until), &[], now())
            .unwrap_err()
            .kind()
    };
    assert_eq!(
        freeze(day(3), day(2)),
        ErrorKind::Asked,
        "the other way round"
    );
    assert_eq!(freeze(day(0), day(DAYS + 5)), ErrorKind::Asked, "not yet");
    assert_eq!(freeze(day(-900), day(0)), ErrorKind::Asked, "too long");
    assert_eq!(
        freeze(day(-20), day(-10)),
        ErrorKind::Asked,
        "nothing there"
    );
    let id = plant.freeze(&[]);
    let view = reader.inspection(id).unwrap().unwrap();
    assert_eq!(Drawn::of(&view).unwrap_err().kind(), ErrorKind::Asked);
    let counts = inspection::DrawCounts::default();
    for seed in ["", " 7", "a\nb", &"7".repeat(101)] {
        let error = inspection::drawn(&reader, &view, seed, counts).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Asked, "{seed:?}");
    }
    let few = inspection::DrawCounts {
        passages: 4,
        ..counts
    };
    assert!(inspection::drawn(&reader, &view, "7", few).is_err());
}

#[test]
fn a_sheet_names_every_item_hashes_photos_anew_and_finds_what_was_changed() {
    let mut plant = Plant::new();
    let id = plant.freeze(&[]);
    let drawn = plant.draw(id, "7");
    let number = PassageId(drawn.passages[0].number);
    let made = |plant: &Plant| {
        sheet(&plant.reader(), number, &zone(), now())
            .unwrap()
            .unwrap()
    };
    let whole = made(&plant);
    assert_eq!(whole.items.len(), 24);
    assert_eq!(whole.present(), 8, "{:?}", whole.items);
    assert!(whole.photos.len() == 3 && whole.photos.iter().all(inspection::PhotoProof::holds));
    assert_eq!(whole.changed, 0);
    let path = plant.reader().photo_file(&whole.photos[1].photo);
    std::fs::write(path, "another photo").unwrap();
    plant.tamper("DROP TRIGGER readings_stay; UPDATE readings SET plate = '苏A99999'");
    let now = made(&plant);
    assert!(!now.photos[1].holds());
    assert_eq!(now.changed, 1, "the reading");
}

#[test]
fn an_inspector_says_something_of_what_was_drawn_and_the_last_word_holds() {
    let mut plant = Plant::new();
    let id = plant.freeze(&["B"]);
    let drawn = plant.draw(id, "7");
    let mark = |mark, remark: &str| NewMark {
        inspection: id,
        kind: DrawnKind::Day,
        subject: drawn.days[0].to_string(),
        mark,
        remark: remark.to_owned(),
        who: "Zhao".to_owned(),
    };
    let wordless = plant
        .writer
        .keep_mark(&mark(InspectionMark::Differs, " "), now());
    assert_eq!(wordless.unwrap_err().kind(), ledger::ErrorKind::Invalid);
    plant
        .writer
        .keep_mark(&mark(InspectionMark::Differs, "3 too few"), now())
        .unwrap();
    plant
        .writer
        .keep_mark(&mark(InspectionMark::Agrees, ""), now())
        .unwrap();
    let view = plant.reader().inspection(id).unwrap().unwrap();
    assert_eq!(view.marks.len(), 2);
    let holds = view
        .mark_of(DrawnKind::Day, &drawn.days[0].to_string())
        .unwrap();
    assert_eq!(holds.mark, InspectionMark::Agrees);
    let freeze = Freeze::of(&view).unwrap();
    let days = compare(&plant.reader(), &freeze, &drawn).unwrap();
    // Of entrance B alone, and nobody has acknowledged anything.
    assert_eq!(days.len(), 3);
    assert_eq!((days[0].passages, days[0].unqueued), (4, 0));
    assert_eq!(
        (days[0].sinks[0].queued, days[0].sinks[0].acknowledged),
        (4, 0)
    );
}
