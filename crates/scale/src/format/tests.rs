use proptest::prelude::*;

use super::*;

const KG: IndicatorFormat = IndicatorFormat::Xk3190(Unit::Kilogram);
const TOLEDO: IndicatorFormat = IndicatorFormat::Toledo { checksum: false };
const CHECKED: IndicatorFormat = IndicatorFormat::Toledo { checksum: true };

fn decoded(format: IndicatorFormat, bytes: &[u8]) -> (Vec<WeightReading>, LineCounts) {
    let mut decoder = Decoder::new(format);
    let mut readings = Vec::new();
    decoder.feed(bytes, |reading| readings.push(reading));
    (readings, decoder.counts())
}

fn mass(kg: i64) -> WeightReading {
    WeightReading::Mass { kg, moving: false }
}

/// As the manual of the A9+ describes it, made without the decoder.
fn xk3190(body: &str) -> Vec<u8> {
    let check = body.bytes().fold(0, |check, byte| check ^ byte);
    format!("\u{2}{body}{check:02X}\u{3}").into_bytes()
}

fn toledo(a: u8, b: u8, shown: &str, tare: &str) -> Vec<u8> {
    let mut frame = vec![0x02, a, b, 0x20];
    frame.extend(shown.bytes().chain(tare.bytes()));
    frame.push(0x0D);
    frame
}

fn with_checksum(mut frame: Vec<u8>) -> Vec<u8> {
    let sum: u32 = frame.iter().map(|byte| u32::from(byte & 0x7F)).sum();
    frame.push(((128 - sum % 128) % 128) as u8);
    frame
}

#[test]
fn the_check_of_a_known_frame_is_the_one_that_was_computed_by_hand() {
    // 2B ^ 30 ^ 34 ^ 39 ^ 30 ^ 32 ^ 30 ^ 30 = 14.
    let bytes = b"\x02+049020014\x03";
    assert_eq!(decoded(KG, bytes).0, [mass(49_020)]);
}

#[test]
fn decimals_sign_and_unit_of_a_display_count() {
    for (body, unit, kg) in [
        ("+0490200", Unit::Kilogram, 49_020),
        ("-0000200", Unit::Kilogram, -20),
        ("+4902001", Unit::Kilogram, 49_020),
        ("+0490203", Unit::Tonne, 49_020),
        ("+0049022", Unit::Tonne, 49_020),
        ("+0000000", Unit::Tonne, 0),
        ("+0000151", Unit::Kilogram, 2),
        ("-0000151", Unit::Kilogram, -2),
    ] {
        let (readings, counts) = decoded(IndicatorFormat::Xk3190(unit), &xk3190(body));
        assert_eq!(readings, [mass(kg)], "{body}");
        assert_eq!(counts.bad_frames + counts.skipped_bytes, 0);
    }
}

#[test]
fn a_frame_whose_check_is_wrong_or_that_was_cut_is_counted_and_the_next_one_is_read() {
    let good = xk3190("+0490200");
    for changed in 0..good.len() {
        let mut bytes = good.clone();
        bytes[changed] ^= 0x01;
        bytes.extend(&good);
        let (readings, counts) = decoded(KG, &bytes);
        assert_eq!(readings, [mass(49_020)], "byte {changed}");
        assert_eq!(counts.frames, 1);
        assert!(counts.skipped_bytes >= 11, "byte {changed}: {counts:?}");
    }
    for cut in 1..good.len() {
        let bytes = [&good[..cut], &good[..]].concat();
        let (readings, counts) = decoded(KG, &bytes);
        assert_eq!(readings, [mass(49_020)], "cut at {cut}");
        assert_eq!((counts.bad_frames, counts.skipped_bytes), (1, cut as u64));
    }
    for body in ["+0490205", "+04902x0", "*0490200", "+ 490200"] {
        assert_eq!(decoded(KG, &xk3190(body)).0, [], "{body}");
    }
    let heavier = xk3190("+9999990");
    let too_much = WeightReading::Unusable(Unusable::OutOfRange);
    assert_eq!(decoded(KG, &heavier).0, [too_much]);
}

#[test]
fn a_text_says_its_kind_and_unit_and_only_gross_kilograms_are_taken() {
    for (text, reading) in [
        ("ww049020.kg", mass(49_020)),
        ("ww0049020kg", mass(49_020)),
        ("ww49020.5kg", mass(49_021)),
        ("ww-00020.kg", mass(-20)),
        ("wn049020.kg", WeightReading::Unusable(Unusable::NotGross)),
        ("wt049020.kg", WeightReading::Unusable(Unusable::NotGross)),
        ("ww049020.lb", WeightReading::Unusable(Unusable::Unit)),
    ] {
        let twice = format!("{text}\r\n{text}\r\n");
        let (readings, _) = decoded(IndicatorFormat::Xk3190Text, twice.as_bytes());
        assert_eq!(readings, [reading, reading], "{text}");
    }
    for wrong in ["ww04.02.0kg", "ww.......kg", "ww0490200oz", "ww04902-0kg"] {
        let bytes = format!("{wrong}ww049020.kg");
        let (readings, counts) = decoded(IndicatorFormat::Xk3190Text, bytes.as_bytes());
        assert_eq!(readings, [mass(49_020)], "{wrong}");
        assert!(counts.bad_frames > 0, "{wrong}");
    }
}

#[test]
fn a_toledo_frame_tells_tare_motion_and_range() {
    let kg = 0b0011_0000;
    for (frame, reading) in [
        (toledo(0x2A, kg, " 49020", "000000"), mass(49_020)),
        (toledo(0x29, kg, "004902", "000000"), mass(49_020)),
        (toledo(0x28, kg, "000490", "000000"), mass(49_000)),
        (toledo(0x2B, kg, "490200", "000000"), mass(49_020)),
        (toledo(0x2A, kg | 2, "000020", "000000"), mass(-20)),
        (toledo(0x2A, kg | 1, "031520", "017500"), mass(49_020)),
        (toledo(0x2A, kg | 3, "000020", "017500"), mass(17_480)),
        (
            toledo(0x2A, kg | 8, "049020", "000000"),
            WeightReading::Mass {
                kg: 49_020,
                moving: true,
            },
        ),
        (
            toledo(0x2A, kg | 4, "049020", "000000"),
            WeightReading::Unusable(Unusable::OutOfRange),
        ),
        (
            toledo(0x2A, 0b0010_0000, "049020", "000000"),
            WeightReading::Unusable(Unusable::Unit),
        ),
    ] {
        assert_eq!(decoded(TOLEDO, &frame).0, [reading], "{frame:x?}");
        let checked = with_checksum(frame.clone());
        assert_eq!(decoded(CHECKED, &checked).0, [reading], "{frame:x?}");
        let mut wrong = checked.clone();
        wrong[6] ^= 0x01;
        wrong.extend(&checked);
        assert_eq!(decoded(CHECKED, &wrong).0, [reading], "{frame:x?}");
    }
    let blank = toledo(0x2A, kg, "      ", "000000");
    assert_eq!(decoded(TOLEDO, &blank).0, []);
}

proptest! {
    #[test]
    fn whatever_bytes_come_nothing_breaks_and_every_byte_is_accounted_for(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..32),
        format in prop::sample::select(vec![KG, IndicatorFormat::Xk3190Text, TOLEDO, CHECKED]),
    ) {
        let mut decoder = Decoder::new(format);
        for chunk in &chunks {
            decoder.feed(chunk, |_| {});
            prop_assert!(decoder.held.len() < format.length());
        }
        decoder.cut();
        let counts = decoder.counts();
        let bytes: usize = chunks.iter().map(Vec::len).sum();
        let framed = counts.frames * format.length() as u64;
        prop_assert_eq!(counts.skipped_bytes + framed, bytes as u64);
    }

    #[test]
    fn frames_among_garbage_are_all_found(
        gaps in prop::collection::vec("[a-z0-9 ]{0,20}", 1..20),
        kg in 0_i64..=200_000,
    ) {
        let mut bytes = Vec::new();
        for gap in &gaps {
            bytes.extend(gap.bytes());
            bytes.extend(xk3190(&format!("+{kg:06}0")));
        }
        let (readings, counts) = decoded(KG, &bytes);
        prop_assert_eq!(readings, vec![mass(kg); gaps.len()]);
        prop_assert_eq!(counts.bad_frames, 0);
    }
}

#[test]
fn a_decoder_holds_no_more_than_a_frame_whatever_it_is_fed() {
    for format in [KG, TOLEDO, CHECKED, IndicatorFormat::Xk3190Text] {
        for begin in [&b"\x02"[..], b"w", b"ww", b""] {
            for byte in [b'0', b'+', b'w', 0x02, 0xff] {
                let mut decoder = Decoder::new(format);
                decoder.feed(begin, |_| {});
                decoder.feed(&vec![byte; 1 << 20], |_| {});
                assert!(decoder.held.len() <= LONGEST, "{format:?} {byte}");
                assert!(decoder.held.capacity() < 10 * LONGEST, "{format:?} {byte}");
            }
        }
    }
}
