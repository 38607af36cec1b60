//! Passages of before a platform was configured, which nobody sends unless a person says so.

use housekeeping::Standing;
use jiff::tz::TimeZone;
use ledger::{Reader, Unqueued};
use words::{Key, Language, to_minute};

/// What is in the ledger and was never queued for these sinks, and what to do about it; nothing when
/// all of it was, or a person has said from when on.
///
/// # Errors
/// When the ledger can't be read.
pub fn unqueued_standing(
    reader: &Reader,
    sinks: &[String],
    language: Language,
    zone: &TimeZone,
) -> ledger::Result<Standing> {
    let mut standing = Standing::default();
    for sink in sinks {
        if let Some(found) = reader.unqueued(sink)? {
            standing.wrong.push(told(&found, language, zone));
        }
    }
    if !standing.wrong.is_empty() {
        let next = language.text(Key::UnqueuedNext);
        standing.wrong.push(next.to_owned());
    }
    Ok(standing)
}

fn told(found: &Unqueued, language: Language, zone: &TimeZone) -> String {
    let (first, last) = (to_minute(found.first, zone), to_minute(found.last, zone));
    language.fill(
        Key::UnqueuedBefore,
        &[
            ("sink", &found.sink),
            ("passages", &found.passages),
            ("first", &first),
            ("last", &last),
        ],
    )
}
