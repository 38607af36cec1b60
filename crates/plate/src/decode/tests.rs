use proptest::prelude::*;

use super::*;

#[test]
fn a_clear_plate_of_each_form_reads_as_itself() {
    for (plate, color, layout) in [
        ("冀A12345", Color::Blue, Layout::Single),
        ("晋B8K234", Color::Yellow, Layout::Double),
        ("冀A1234挂", Color::Yellow, Layout::Double),
        ("粤BD12345", Color::Green, Layout::Single),
        ("粤B12345D", Color::YellowGreen, Layout::Single),
        ("使014578", Color::Black, Layout::Single),
        ("WJ京1234X", Color::White, Layout::Single),
        ("京X1234应急", Color::White, Layout::Single),
        ("皖1149885", Color::Other, Layout::Double),
    ] {
        let read = PlateRead::of(&Evidence::of_plate(plate, color, layout, 0.97));
        assert_eq!(
            (read.plate.as_str(), read.color, read.layout),
            (plate, color, layout)
        );
        assert!(read.confidence > 0.9, "{plate}: {}", read.confidence);
    }
}

#[test]
fn a_letter_where_only_a_digit_may_stand_is_read_as_the_digit() {
    let mut chars = Evidence::of_plate("粤BD12345", Color::Green, Layout::Single, 0.97);
    let b = Symbol::from_char('B').expect("a letter").index();
    let eight = Symbol::from_char('8').expect("a digit").index();
    chars.chars[5] = [-20.0; CLASSES];
    chars.chars[5][b] = 0.6_f32.ln();
    chars.chars[5][eight] = 0.4_f32.ln();
    let read = PlateRead::of(&chars);
    assert_eq!(read.plate, "粤BD12845");
}

#[test]
fn the_weakest_character_is_the_confidence() {
    let mut evidence = Evidence::of_plate("冀A12345", Color::Blue, Layout::Single, 0.999);
    let (zero, eight) = ('0', '8');
    let index = |c| Symbol::from_char(c).expect("a digit").index();
    evidence.chars[3] = [-20.0; CLASSES];
    evidence.chars[3][index(zero)] = 0.7_f32.ln();
    evidence.chars[3][index(eight)] = 0.3_f32.ln();
    let read = PlateRead::of(&evidence);
    assert_eq!(read.plate, "冀A10345");
    assert!((read.confidence - 0.7).abs() < 0.01, "{}", read.confidence);
    assert_eq!(read.chars[3].alternatives[0].symbol, '8');
}

#[test]
fn nothing_seen_is_read_with_no_confidence() {
    let read = PlateRead::of(&Evidence::unreadable());
    assert!(read.confidence < 0.1, "{}", read.confidence);
    assert_eq!(read.legible, 0.0);
}

proptest! {
    #[test]
    fn whatever_a_reader_says_the_result_has_a_known_form(
        chars in prop::collection::vec(-12.0_f32..12.0, SLOTS * CLASSES),
        color in prop::collection::vec(-6.0_f32..6.0, 7),
        layout in prop::collection::vec(-6.0_f32..6.0, 2),
        legible in -6.0_f32..6.0,
    ) {
        let evidence = Evidence::from_logits(&chars, &color, &layout, legible).expect("shapes");
        let read = PlateRead::of(&evidence);
        prop_assert!(crate::is_valid(&read.plate), "{}", read.plate);
        prop_assert!((0.0..=1.0).contains(&read.confidence));
        for c in &read.chars {
            let others: f32 = c.alternatives.iter().map(|a| a.p).sum();
            prop_assert!(c.p + others <= 1.001, "{c:?}");
        }
    }
}
