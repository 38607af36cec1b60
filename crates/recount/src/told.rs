//! A recount in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use passage::{CorrectedItem, PassageView};
use words::{Group, Key, Language, Said, to_second};

use crate::compare::{Compared, Judgement};
use crate::eyes::ShownVehicle;
use crate::findings::Recount;
use crate::holes::Hole;

impl Recount {
    /// A line for what is seen at a glance, and one for each vehicle, row and hole that somebody has to look at.
    #[must_use]
    pub fn lines(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let mut lines = self.head(language, zone);
        lines.extend(self.missing(language, zone));
        let told = |one: &&Compared| !matches!(one.judgement, Judgement::Same | Judgement::Unsure);
        let each = self.compared.iter().filter(told);
        lines.extend(each.map(|one| {
            let at = to_second(one.at(), zone);
            format!("{at}  {}", one.text(language))
        }));
        lines.push(self.verdict(language));
        lines
    }

    pub(crate) fn head(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let (from, until) = (self.asked.from, self.asked.until);
        let span = between(Key::RecountSpan, from, until, zone)
            .and("minutes", format!("{:.1}", self.shown.as_secs_f64() / 60.0))
            .and("pictures", self.pictures);
        let with = |has: fn(&Compared) -> bool| self.compared.iter().filter(|c| has(c)).count();
        let sum = Said::with(Key::RecountSum, "seen", with(|one| one.seen.is_some()))
            .and("rows", with(|one| one.row.is_some()))
            .and("same", self.count(Judgement::Same))
            .and("unsure", self.count(Judgement::Unsure))
            .and("corrected", self.count(Judgement::Corrected));
        [span, sum].map(|said| said.text(language)).into()
    }

    pub(crate) fn missing(&self, language: Language, zone: &TimeZone) -> Vec<String> {
        let holes = self.holes.iter().map(|hole| hole.said(language, zone));
        let unreadable = self.unreadable.iter().map(|file| {
            between(Key::RecountUnreadable, file.from, file.until, zone)
                .and("file", file.file.display())
                .and("why", &file.why)
        });
        holes
            .chain(unreadable)
            .map(|said| said.text(language))
            .collect()
    }

    pub(crate) fn verdict(&self, language: Language) -> String {
        let judged = self
            .compared
            .iter()
            .filter(|one| one.judgement.is_finding());
        let holes = self.holes.iter().filter(|hole| hole.is_finding());
        let count = judged.count() + holes.count() + self.unreadable.len();
        match self.is_fine() {
            true => language.text(Key::RecountFine).to_owned(),
            false => Said::with(Key::RecountWrong, "count", count).text(language),
        }
    }
}

impl Hole {
    fn said(&self, language: Language, zone: &TimeZone) -> Said {
        let of = |key| between(key, self.from, self.until, zone);
        match (&self.file, self.reason) {
            (Some(file), _) => of(Key::RecountHoleFile).and("file", file.display()),
            (None, Some(why)) => {
                let why = language.named(Group::VideoGap, why.code());
                of(Key::RecountHoleTold).and("why", why)
            }
            (None, None) => of(Key::RecountHole),
        }
    }
}

impl Compared {
    /// What it is, as the video has it and as the ledger has it.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let judgement = language.named(Group::RecountIs, self.judgement.code());
        let seen = self.seen.as_ref().map(|seen| seen_said(seen, language));
        let row = self.row.as_ref().map(|row| row_said(row, language));
        let by = self.row.as_ref().and_then(by_said);
        let parts = [seen, row, by].into_iter().flatten();
        let texts = parts.map(|said| said.text(language));
        std::iter::once(judgement.to_owned())
            .chain(texts)
            .collect::<Vec<_>>()
            .join("  ")
    }
}

fn seen_said(seen: &ShownVehicle, language: Language) -> Said {
    match &seen.read {
        None => Said::plain(Key::RecountSeenUnread),
        Some(read) if !seen.accepted => Said::with(Key::RecountSeenUnsure, "plate", &read.plate),
        Some(read) => Said::with(Key::RecountSeen, "plate", &read.plate)
            .and("color", color(read.color, language))
            .and("confidence", format!("{:.1}", read.confidence * 100.0)),
    }
}

fn row_said(row: &PassageView, language: Language) -> Said {
    if row.reading.plate.is_empty() {
        return Said::with(Key::RecountRowUnread, "id", row.id);
    }
    Said::with(Key::RecountRow, "id", row.id)
        .and("plate", &row.reading.plate)
        .and("color", color(row.reading.color, language))
}

/// Who set the plate or the colour last, and why.
fn by_said(row: &PassageView) -> Option<Said> {
    let of_plate = |item| matches!(item, CorrectedItem::Plate | CorrectedItem::Color);
    let last = row.corrections.iter().rev().find(|c| of_plate(c.item))?;
    Some(Said::with(Key::RecountBy, "who", &last.who).and("why", &last.why))
}

fn color(color: plate::Color, language: Language) -> String {
    let code = color.to_string();
    language.named(Group::PlateColor, &code).to_owned()
}

fn between(key: Key, from: Timestamp, until: Timestamp, zone: &TimeZone) -> Said {
    Said::with(key, "from", to_second(from, zone)).and("until", to_second(until, zone))
}
