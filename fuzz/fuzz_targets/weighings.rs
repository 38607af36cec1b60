//! What the weighing software posts: nothing of it is taken unless all of it is right, and a mistake
//! is told in a few words.
#![no_main]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use orders::weighing::from_json;

fuzz_target!(|body: &[u8]| {
    let now: Timestamp = "2026-03-01T01:00:00Z".parse().expect("a time");
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    match from_json(body, &zone, now) {
        Ok(weighings) => {
            assert!((1..=200).contains(&weighings.len()));
            for one in weighings {
                assert!((7..=8).contains(&one.plate.as_str().chars().count()));
                assert!((1..=60).contains(&one.ticket.chars().count()));
                assert!(!one.ticket.contains(char::is_control));
                assert!(one.cargo.is_none_or(|cargo| cargo.chars().count() <= 60));
                for kg in [one.gross_kg, one.tare_kg, one.net_kg] {
                    assert!((0..=200_000).contains(&kg.unwrap_or_default()));
                }
                if let (Some(gross), Some(tare)) = (one.gross_kg, one.tare_kg) {
                    assert!(gross >= tare);
                    assert!(one.net_kg.is_none_or(|net| (gross - tare - net).abs() <= 1));
                }
                let hours = (now - one.weighed_at).get_hours().abs();
                assert!(hours <= 31 * 24);
            }
        }
        Err(mistake) => {
            let words = mistake.to_string();
            assert!(words.chars().count() < 600, "{words}");
        }
    }
});
