//! What platforms refused.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::RefusedView;
use words::{Key, Language};

use crate::local;

/// More lines help nobody; the rest comes after these are settled.
const MOST_SHOWN: usize = 200;

/// The refused rows, one a line, with the platform's words, and how many there are.
#[must_use]
pub fn refused_lines(refused: &[RefusedView], language: Language, zone: &TimeZone) -> Vec<String> {
    let time = |at: Timestamp| local(at, zone);
    let shown = refused.iter().take(MOST_SHOWN);
    let mut lines: Vec<_> = shown
        .map(|row| {
            let (id, sink, kind, about) = (row.id, &row.sink, row.kind, row.about);
            let resent = row.resent.as_ref().map(|(at, words)| {
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("time", &time(*at)), ("words", words)];
                format!("  {}", language.fill(Key::ConsoleResentBefore, &values))
            });
            format!(
                "{id}  {sink}  {kind} {about}  {}  {}{}",
                time(row.at),
                row.words,
                resent.unwrap_or_default()
            )
        })
        .collect();
    if refused.len() > MOST_SHOWN {
        lines.push(language.fill(Key::ConsoleMoreRefused, &[("count", &MOST_SHOWN)]));
    }
    lines.push(language.fill(Key::ConsoleRefusedRows, &[("count", &refused.len())]));
    lines
}
