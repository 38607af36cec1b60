//! Packs of people who mean harm.

use std::io::{Cursor, Write as _};

use inspection::verify_pack;
use words::Language;
use zip::write::SimpleFileOptions;

use crate::plant::{Plant, files, packed};

fn told(pack: &[u8]) -> String {
    let verdict = verify_pack(Cursor::new(pack));
    assert!(!verdict.is_good(), "it must not pass");
    verdict.lines(Language::En).join("\n")
}

fn zip_of(names: &[&str]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"{}").unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_pack_is_refused_in_clear_words() {
    for bytes in [
        &b""[..],
        b"no zip at all",
        b"PK\x05\x06",
        &zip_of(&["hello.txt"]),
    ] {
        let said = told(bytes);
        assert!(
            said.contains("no pack") || said.contains("missing"),
            "{said}"
        );
    }
}

#[test]
fn names_that_lead_elsewhere_or_stand_twice_are_refused() {
    for name in [
        "../../etc/passwd",
        "/etc/passwd",
        "a/../../b",
        "C:\\b",
        "a//b",
    ] {
        let said = told(&zip_of(&["freeze.json", name]));
        assert!(
            said.contains("may not be") || said.contains("no pack"),
            "{name}: {said}"
        );
    }
    assert!(told(&zip_of(&["a.txt", "A.txt"])).contains("twice"));
    // The writer refuses the same name twice: the bytes are changed afterwards.
    let twice = zip_of(&["aaaa.txt", "bbbb.txt"]);
    let mut bytes = twice;
    while let Some(at) = bytes.windows(8).position(|eight| eight == b"bbbb.txt") {
        bytes[at..at + 8].copy_from_slice(b"aaaa.txt");
    }
    assert!(told(&bytes).contains("twice"));
}

#[test]
fn more_files_than_a_pack_has_are_refused_before_they_are_read() {
    let names: Vec<String> = (0..20_001).map(|n| n.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let many = zip_of(&names);
    assert!(told(&many).contains("more than 20000 files"));
    // Behind the end that counts them stand two that do not: one in the form for any number, one that is wrong.
    let locator = [&b"PK\x06\x07"[..], &[0; 16]].concat();
    let wrong = b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x09\0\0\0\x09\0\0\0\0\0";
    let hidden = [&many, &locator, &wrong[..]].concat();
    assert!(told(&hidden).contains("more than 20000 files"));
}

#[test]
fn a_bomb_is_cut_off() {
    let mut plant = Plant::new();
    let id = plant.freeze(&[]);
    plant.draw(id, "7");
    let mut all = files(&plant.pack(id));
    for (name, bytes) in &mut all {
        if name == "freeze.json" {
            *bytes = vec![b' '; 65 << 20];
        }
    }
    assert!(told(&packed(&all, true)).contains("larger than 64 MiB"));
}

/// Whatever byte is changed: it is refused or means the same, and never ends the program.
#[test]
fn a_pack_with_any_byte_changed_is_read_to_an_answer() {
    let mut plant = Plant::new();
    let id = plant.freeze(&[]);
    plant.draw(id, "7");
    let pack = plant.pack(id);
    for n in 0..60 {
        let mut bytes = pack.clone();
        let at = n * (bytes.len() - 1) / 59;
        bytes[at] ^= 0x55;
        let verdict = verify_pack(Cursor::new(&bytes));
        assert!(!verdict.lines(Language::Zh).is_empty());
    }
    for name in [
        "chain/0.txt",
        "draw.json",
        "freeze.json",
        "anchors.json",
        "population/x",
    ] {
        let mut all = files(&pack);
        for (_, bytes) in all
            .iter_mut()
            .filter(|(one, _)| one == name || one.starts_with("chain/"))
        {
            *bytes = b"after 9223372036854775807 00\nend\n".to_vec();
        }
        told(&packed(&all, true));
    }
}
