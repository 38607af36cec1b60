//! What platforms refused.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::RefusedView;
use serde_json::json;
use words::{Key, Language, to_second};

/// More lines help nobody; the rest comes after these are settled.
const MOST_SHOWN: usize = 200;

/// All refused rows as JSON objects, one a line.
#[must_use]
pub fn refused_json(refused: &[RefusedView]) -> Vec<String> {
    let line = |row: &RefusedView| {
        let (resent_at, resent) = row.resent.clone().unzip();
        json!({
            "row": row.id,
            "sink": row.sink,
            "kind": row.kind,
            "about": row.about,
            "generated_at": row.generated_at,
            "refused_at": row.at,
            "words": row.words,
            "resent_at": resent_at,
            "resent": resent,
        })
        .to_string()
    };
    refused.iter().map(line).collect()
}

/// The refused rows, one a line, with the platform's words, and how many there are.
#[must_use]
pub fn refused_lines(refused: &[RefusedView], language: Language, zone: &TimeZone) -> Vec<String> {
    let time = |at: Timestamp| to_second(at, zone);
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
