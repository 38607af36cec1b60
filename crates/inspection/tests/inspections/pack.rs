//! The pack, and what is found in one that was changed.

use std::io::Cursor;

use inspection::{PackVerdict, verify_pack};
use words::Language;

use crate::plant::{Plant, files, packed};

fn checked(pack: &[u8]) -> PackVerdict {
    verify_pack(Cursor::new(pack))
}

fn told(pack: &[u8]) -> String {
    let verdict = checked(pack);
    assert!(!verdict.is_good(), "it must not pass");
    verdict.lines(Language::En).join("\n")
}

/// A pack with one file made otherwise, and its hash with it.
fn forged(pack: &[u8], path: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut all = files(pack);
    let file = all.iter_mut().find(|(name, _)| name == path).unwrap();
    let before = String::from_utf8(file.1.clone()).unwrap();
    let after = change(&before);
    assert_ne!(before, after, "nothing was changed in {path}");
    file.1 = after.into_bytes();
    packed(&all, true)
}

fn made() -> (Plant, inspection::Drawn, Vec<u8>) {
    let mut plant = Plant::new();
    let id = plant.freeze(&[]);
    let drawn = plant.draw(id, "雨天 7");
    let pack = plant.pack(id);
    (plant, drawn, pack)
}

#[test]
fn a_pack_proves_itself_without_the_ledger() {
    let (_, _, pack) = made();
    let verdict = checked(&pack);
    assert!(verdict.is_good(), "{:#?}", verdict.lines(Language::En));
    assert!(verdict.to_head, "the chain reaches to the frozen head");
    assert!(verdict.anchors >= 3 && verdict.outside == 0, "{verdict:?}");
    let names: Vec<_> = files(&pack).into_iter().map(|(name, _)| name).collect();
    for name in [
        "README.txt",
        "form.xlsx",
        "records.xlsx",
        "hashes.txt",
        "registers/machines.jsonl",
    ] {
        assert!(names.iter().any(|one| one == name), "{name}");
    }
}

#[test]
fn a_changed_photo_is_named_whether_or_not_its_hash_was_made_anew() {
    let (_, drawn, pack) = made();
    let path = format!("photos/{}/head-r0.jpg", drawn.passages[0].number);
    let mut all = files(&pack);
    let photo = all.iter_mut().find(|(name, _)| *name == path).unwrap();
    photo.1[0] ^= 1;
    assert!(told(&packed(&all, false)).contains(&format!("{path} was changed")));
    let careful = told(&packed(&all, true));
    assert!(
        careful.contains(&format!("{path} is not the photo")),
        "{careful}"
    );
    all.retain(|(name, _)| *name != path);
    assert!(told(&packed(&all, true)).contains(&format!("missing: {path}")));
}

#[test]
fn a_changed_row_is_named() {
    let (_, drawn, pack) = made();
    let number = drawn.passages[0].number;
    let path = format!("rows/{number}.jsonl");
    let reading = forged(&pack, &path, |text| text.replace("苏A", "苏B"));
    let said = told(&reading);
    assert!(
        said.contains("a row differs") && said.contains(&format!("readings [{number}")),
        "{said}"
    );
    let day = drawn.passages[0].day;
    let path = format!("population/{day}.jsonl");
    let said = told(&forged(&pack, &path, |text| {
        text.replacen("\"allow\"", "\"deny\"", 1)
    }));
    assert!(
        said.contains(&format!("the passages of {day} are not those")),
        "{said}"
    );
}

#[test]
fn a_record_left_out_of_a_drawn_day_is_named() {
    let (_, drawn, pack) = made();
    let day = drawn.days[0];
    let path = format!("population/{day}.jsonl");
    let without = forged(&pack, &path, |text| {
        let mut lines: Vec<_> = text.lines().collect();
        lines.remove(7);
        lines.join("\n") + "\n"
    });
    let said = told(&without);
    assert!(
        said.contains(&format!(
            "of {day} are not those that were frozen: 12 then, 11"
        )),
        "{said}"
    );
    assert!(
        said.contains(&format!("of {day} is in the chain and was left out")),
        "{said}"
    );
}

#[test]
fn another_seed_another_draw_and_another_freeze_are_named() {
    let (_, drawn, pack) = made();
    let said = told(&forged(&pack, "draw.json", |text| {
        text.replace("雨天 7", "雨天 8")
    }));
    assert!(said.contains("drawn again with its seed"), "{said}");
    let other = (1..)
        .find(|n| drawn.passages.iter().all(|p| p.number != *n))
        .unwrap();
    let number = drawn.passages[0].number;
    let swap = |text: &str| {
        text.replace(
            &format!("\"number\":{number},"),
            &format!("\"number\":{other},"),
        )
    };
    let mut all = files(&forged(&pack, "draw.json", swap));
    for (name, _) in &mut all {
        *name = name.replace(
            &format!("rows/{number}.jsonl"),
            &format!("rows/{other}.jsonl"),
        );
    }
    let said = told(&packed(&all, true));
    assert!(said.contains("passage"), "{said}");
    assert!(
        said.contains(&format!("no evidence of what was drawn: passage {other}")),
        "{said}"
    );
    let said = told(&forged(&pack, "freeze.json", |text| {
        text.replace("\"passages\":12", "\"passages\":13")
    }));
    assert!(said.contains("freeze.json is not what"), "{said}");
    let said = told(&forged(&pack, "registers/machines.jsonl", |text| {
        text.replace("厂001", "厂999")
    }));
    assert!(said.contains("registers/machines.jsonl"), "{said}");
}

#[test]
fn a_chain_that_was_made_otherwise_is_named() {
    let (_, _, pack) = made();
    let chain = files(&pack)
        .into_iter()
        .find(|(name, _)| name.starts_with("chain/"))
        .unwrap()
        .0;
    let said = told(&forged(&pack, &chain, |text| {
        text.replacen(" passages [", " passages [9", 1)
    }));
    assert!(said.contains(&chain), "{said}");
    let said = told(&forged(&pack, &chain, |text| {
        let mut lines: Vec<_> = text.lines().collect();
        lines.remove(20);
        lines.join("\n")
    }));
    assert!(said.contains(&chain), "{said}");
    let said = told(&forged(&pack, "anchors.json", |text| {
        let head = text.find("\"head\": \"").unwrap() + 9;
        let mut text = text.to_owned();
        text.replace_range(head..head + 4, "beef");
        text
    }));
    assert!(said.contains("differs from the anchor"), "{said}");
}

#[test]
fn what_was_changed_in_the_ledger_itself_shows_in_its_pack() {
    let mut plant = Plant::new();
    let id = plant.freeze(&[]);
    let drawn = plant.draw(id, "7");
    let number = drawn.passages[0].number;
    plant.tamper(&format!(
        "DROP TRIGGER readings_stay; UPDATE readings SET plate = '苏A99999' WHERE passage_id = {number}"
    ));
    assert!(told(&plant.pack(id)).contains("the chain does not end as it was frozen"));
}
