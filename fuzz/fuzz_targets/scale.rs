//! Bytes of a serial line, for every format of an indicator: however they are cut into reads, the
//! same weights are found, every byte is accounted for, and no weight is more than a vehicle's.
#![no_main]

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use scale::{Deck, DeckSettings, Decoder, Event, IndicatorFormat, Unit, WeightReading};

const FORMATS: [(IndicatorFormat, usize); 5] = [
    (IndicatorFormat::Xk3190(Unit::Kilogram), 12),
    (IndicatorFormat::Xk3190(Unit::Tonne), 12),
    (IndicatorFormat::Xk3190Text, 11),
    (IndicatorFormat::Toledo { checksum: false }, 17),
    (IndicatorFormat::Toledo { checksum: true }, 18),
];
/// `+012000`, no decimals: 12 t.
const WHOLE: &[u8] = b"\x02+0120000\x31\x38\x03";

fuzz_target!(|bytes: &[u8]| {
    for (format, length) in FORMATS {
        let mut at_once = Vec::new();
        let mut decoder = Decoder::new(format);
        decoder.feed(bytes, |reading| at_once.push(reading));
        let mut one_by_one = Vec::new();
        let mut slow = Decoder::new(format);
        for byte in bytes {
            slow.feed(&[*byte], |reading| one_by_one.push(reading));
        }
        assert_eq!(at_once, one_by_one, "{format:?}");
        assert_eq!(decoder.counts(), slow.counts());
        decoder.cut();
        let counts = decoder.counts();
        assert_eq!(counts.frames, at_once.len() as u64);
        let in_frames = counts.frames * length as u64;
        assert_eq!(in_frames + counts.skipped_bytes, bytes.len() as u64);
        for reading in &at_once {
            if let WeightReading::Mass { kg, .. } = reading {
                assert!(kg.abs() <= 200_000, "{kg}");
            }
        }
        weigh(&at_once, bytes);
    }
    // Whatever came before, a whole frame behind a pause is found.
    let mut decoder = Decoder::new(FORMATS[0].0);
    decoder.feed(bytes, |_| ());
    decoder.cut();
    let mut last = None;
    decoder.feed(WHOLE, |reading| last = Some(reading));
    let expected = WeightReading::Mass {
        kg: 12_000,
        moving: false,
    };
    assert_eq!(last, Some(expected));
});

/// What was weighed is what was shown, and no vehicle is lighter than the least.
fn weigh(readings: &[WeightReading], pauses: &[u8]) {
    let settings = DeckSettings {
        minimum_kg: 1000,
        stable_for: Duration::from_secs(1),
        tolerance_kg: 20,
    };
    let mut deck = Deck::new(settings);
    let (begun, mut passed) = (Instant::now(), Duration::ZERO);
    for (reading, pause) in readings.iter().zip(pauses) {
        passed += Duration::from_millis(u64::from(*pause) * 40);
        let at = Timestamp::UNIX_EPOCH + SignedDuration::try_from(passed).unwrap_or_default();
        if let Some(Event::Weighed(weighed)) = deck.take(*reading, begun + passed, at) {
            let shown = |r: &WeightReading| matches!(r, WeightReading::Mass { kg, moving: false } if *kg == weighed.kg);
            assert!(readings.iter().any(shown), "{weighed:?}");
            assert!(weighed.kg >= 1000 && weighed.at <= at, "{weighed:?}");
        }
    }
}
