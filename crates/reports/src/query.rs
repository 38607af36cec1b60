//! What a person asks of passages, as written.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Filter, PlatePart, UploadState};
use passage::{Direction, Verdict};
use plate::Color;
use records::code::{self, CodeTable};
use records::{narrow, range_end, range_start};

use crate::Error;

/// What a person asks of passages, as written; what is not asked for is not looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct PassageQuery<'a> {
    /// From this day or time on, by the site's clock.
    pub from: Option<&'a str>,
    /// Up to this day (included) or time.
    pub until: Option<&'a str>,
    /// Plate or part of it; several with commas between.
    pub plate: Option<&'a str>,
    /// Each plate is given whole.
    pub whole: bool,
    /// Characters that look alike count as the same.
    pub similar: bool,
    /// Only vehicles whose plate nobody knows.
    pub unread: bool,
    /// Only vehicles whose plate is known.
    pub read: bool,
    /// Entrance number.
    pub entrance: Option<&'a str>,
    /// Lane name.
    pub lane: Option<&'a str>,
    /// Direction by code or name.
    pub direction: Option<&'a str>,
    /// Plate colour by code or name.
    pub color: Option<&'a str>,
    /// Emission standard by code or name.
    pub emission: Option<&'a str>,
    /// Fuel by code or name.
    pub fuel: Option<&'a str>,
    /// Code of the decision.
    pub decision: Option<&'a str>,
    /// Code of the decision's reason.
    pub reason: Option<&'a str>,
    /// Code of the upload's state.
    pub upload: Option<&'a str>,
    /// Oldest first.
    pub oldest_first: bool,
}

impl PassageQuery<'_> {
    /// As the ledger takes it, with times on the clock of `zone`, spoken at `now`.
    ///
    /// # Errors
    /// When a text can't be what it should be.
    pub fn filter(&self, zone: &TimeZone, now: Timestamp) -> Result<Filter, Error> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let typed = |text: Option<&str>| text.map(|text| narrow(text).trim().to_owned());
        let direction = code_of(&code::DIRECTION, self.direction)?;
        let color = code_of(&code::PLATE_COLOR, self.color)?;
        Ok(Filter {
            from: self
                .from
                .map(|text| range_start(text, zone, now))
                .transpose()?,
            until: self
                .until
                .map(|text| range_end(text, zone, now))
                .transpose()?,
            plate: self.plate.map(|text| PlatePart {
                text: text.to_owned(),
                whole: self.whole,
                similar: self.similar,
            }),
            unknown: (self.unread || self.read).then_some(self.unread),
            entrance: typed(self.entrance),
            lane: typed(self.lane),
            direction: parsed(direction, Direction::ALL)?,
            color: parsed(color, &Color::READABLE)?,
            emission: owned(code_of(&code::EMISSION, self.emission)?),
            fuel: owned(code_of(&code::FUEL, self.fuel)?),
            decision: parsed(self.decision, Verdict::ALL)?,
            reason: owned(self.reason),
            upload: parsed(self.upload, UploadState::ALL)?,
            oldest_first: self.oldest_first,
        })
    }
}

/// A code by its code or its name in either language.
fn code_of(table: &'static CodeTable, text: Option<&str>) -> Result<Option<&'static str>, Error> {
    let Some(text) = text else { return Ok(None) };
    match table.find(text) {
        Some(code) => Ok(Some(code.code)),
        None => Err(Error::NotACode {
            text: text.to_owned(),
            table,
        }),
    }
}

fn parsed<T: FromStr + Display>(text: Option<&str>, known: &[T]) -> Result<Option<T>, Error> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Error::NotAllowed {
        text: text.to_owned(),
        known: known.iter().map(T::to_string).collect::<Vec<_>>().join(" "),
    })
}
