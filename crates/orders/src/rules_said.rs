//! Strategies and visitors as a person says them: files, templates, times in words.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use plate::PlateNumber;
use policy::{Strategy, Template, Visitor};
use records::{range_end, said_moment};
use settings::text_file;
use words::Said;

use crate::{Error, coded};

/// A strategy as a person says it: a file, or a template with its times.
#[derive(Debug, Clone, Copy, Default)]
pub struct StrategySaid<'a> {
    /// A strategy's file.
    pub file: Option<&'a Path>,
    /// One of the common strategies, by name.
    pub template: Option<&'a str>,
    /// From then on; now without it.
    pub from: Option<&'a str>,
    /// Until then; until it is ended without it.
    pub until: Option<&'a str>,
}

impl StrategySaid<'_> {
    /// The strategy; none where neither file nor template is named.
    ///
    /// # Errors
    /// When the file can't be read, every mistake in it, or what is no time.
    pub fn strategy(&self, zone: &TimeZone, now: Timestamp) -> Result<Option<Strategy>, Error> {
        if let Some(file) = self.file {
            let about = |why| Said::about(file.display(), why);
            let mistakes = |all: Vec<Said>| Error::Mistakes(all.into_iter().map(about).collect());
            let text = text_file(file).map_err(|why| mistakes(vec![why]))?;
            let strategy = Strategy::parse(&text, zone, now);
            return strategy.map(Some).map_err(mistakes);
        }
        let from = self.from.map(|text| said_moment(text, zone, now));
        let until = self.until.map(|text| range_end(text, zone, now));
        let (from, until) = (from.transpose()?.unwrap_or(now), until.transpose()?);
        let template = self.template.map(str::parse::<Template>);
        let template = template.and_then(Result::ok);
        Ok(template.map(|template| template.strategy(from, until)))
    }
}

/// A visitor as a person says it.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct VisitorSaid<'a> {
    /// However it is written.
    pub plate: &'a str,
    /// By name or code; any without it.
    pub color: Option<&'a str>,
    /// Now without it.
    pub from: Option<&'a str>,
    /// A day is meant whole.
    pub until: &'a str,
    pub per_day: Option<u32>,
    pub host: &'a str,
    pub reason: &'a str,
}

impl VisitorSaid<'_> {
    /// The visitor; what is wrong in it otherwise is told when it is kept.
    ///
    /// # Errors
    /// What is no colour or no time.
    pub fn visitor(&self, zone: &TimeZone, now: Timestamp) -> Result<Visitor, Error> {
        let color = self
            .color
            .map(|text| coded(&records::code::PLATE_COLOR, text));
        let from = self.from.map(|text| said_moment(text, zone, now));
        Ok(Visitor {
            plate: PlateNumber::normalise(self.plate),
            color: color.transpose()?,
            from: from.transpose()?.unwrap_or(now),
            until: range_end(self.until, zone, now)?,
            per_day: self.per_day,
            host: self.host.to_owned(),
            reason: self.reason.to_owned(),
        })
    }
}
