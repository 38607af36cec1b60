//! What a gate did on a day, in figures. A late acknowledgement or correction changes those of a day that
//! is over: they hold as of when they were asked for.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::{Delivered, Reader};

use crate::Error;
use crate::delivery::bounds;

/// What a gate did on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayFigures {
    /// Passages.
    pub passages: u64,
    /// Of these, read without a person.
    pub recognised: u64,
    /// Of those, whose plate or colour a person corrected.
    pub misread: u64,
    /// Of all, corrected in any item.
    pub corrected: u64,
    /// The hours in which something passed, in their order.
    pub hours: Vec<HourFlow>,
    /// Deliveries that were made on the day, by sink and kind.
    pub delivered: Vec<Delivered>,
}

/// Vehicles of one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourFlow {
    /// By the site's clock, 0 to 23.
    pub hour: i8,
    /// Vehicles that came.
    pub entered: u64,
    /// Vehicles that left.
    pub left: u64,
}

impl DayFigures {
    /// Those of `day` on the clock of `zone`.
    ///
    /// # Errors
    /// When the ledger can't be read, or the day is outside the calendar.
    pub fn of(reader: &Reader, day: Date, zone: &TimeZone) -> Result<Self, Error> {
        let (from, until) = bounds(day, zone)?;
        let all = reader.tally(from, until)?;
        let sum = |of: fn(&ledger::Tally) -> u64| -> u64 { all.iter().map(of).sum() };
        let passages = sum(|tally| tally.passages);
        let mut hours: Vec<HourFlow> = Vec::new();
        for (begin, direction, count) in reader.hourly(from, until)? {
            let hour = begin.to_zoned(zone.clone()).hour();
            // Where clocks are set back, an hour comes twice.
            if hours.last().is_none_or(|last| last.hour != hour) {
                hours.push(HourFlow {
                    hour,
                    entered: 0,
                    left: 0,
                });
            }
            if let Some(flow) = hours.last_mut() {
                match direction {
                    passage::Direction::In => flow.entered += count,
                    passage::Direction::Out => flow.left += count,
                }
            }
        }
        Ok(Self {
            passages,
            recognised: passages.saturating_sub(sum(|t| t.unread + t.manual + t.paper)),
            misread: reader.misread(from, until)?,
            corrected: sum(|tally| tally.corrected),
            hours,
            delivered: reader.delivered(from, until)?,
        })
    }

    /// Passages read without a person ÷ passages.
    #[must_use]
    pub fn recognition_rate(&self) -> Option<f64> {
        share(self.recognised, self.passages)
    }

    /// Plate and colour right, as far as people looked ÷ passages read without a person.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        share(
            self.recognised.saturating_sub(self.misread),
            self.recognised,
        )
    }

    /// Acknowledged ÷ generated, of all sinks.
    #[must_use]
    pub fn transmission_rate(&self) -> Option<f64> {
        self.of_all(|d| d.acknowledged, |d| d.generated)
    }

    /// Mandatory items that were there ÷ mandatory items.
    #[must_use]
    pub fn completeness(&self) -> Option<f64> {
        self.of_all(|d| d.items_present, |d| d.items_expected)
    }

    fn of_all(&self, part: fn(&Delivered) -> u64, whole: fn(&Delivered) -> u64) -> Option<f64> {
        let sum = |of: fn(&Delivered) -> u64| self.delivered.iter().map(of).sum();
        share(sum(part), sum(whole))
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use frame::ClockSource;
    use jiff::Timestamp;
    use ledger::{Options, Writer};
    use passage::{
        Change, CorrectedItem, Correction, Direction, Grounds, NewPassage, NewPhoto, PassageKey,
        PhotoKind, Reading, Verdict,
    };

    use super::*;

    fn decide(
        writer: &mut Writer,
        at: &str,
        plate: &str,
        direction: Direction,
    ) -> passage::PassageId {
        let at: Timestamp = at.parse().expect("a time");
        let new = NewPassage {
            key: PassageKey::random(),
            lane: "north".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction,
            entered_at: at,
            decided_at: at,
            clock: ClockSource::File,
            clock_trusted: true,
            camera: "north".to_owned(),
            reading: Reading {
                plate: plate.to_owned(),
                color: plate::Color::Yellow,
                recognised: !plate.is_empty(),
                ..Reading::unread()
            },
            decision: Verdict::Allow,
            reason: "read_allowed".to_owned(),
            grounds: Grounds::default(),
        };
        let photo = |kind| NewPhoto {
            kind,
            camera: "north",
            taken_at: at,
            jpeg: b"a photo",
        };
        let photos = [photo(PhotoKind::HeadOriginal), photo(PhotoKind::Head)];
        writer.decide(&new, &photos).expect("decided")
    }

    fn correct(
        writer: &mut Writer,
        id: passage::PassageId,
        item: CorrectedItem,
        values: [&str; 2],
    ) {
        let [before, after] = values;
        let change = Change {
            item,
            replaces: Some(before.to_owned()).filter(|before| !before.is_empty()),
            value: after.to_owned(),
        };
        let correction = Correction {
            changes: vec![change],
            who: "x".to_owned(),
            why: "y".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        writer.correct(id, &correction, &[]).expect("corrected");
    }

    #[test]
    fn a_day_is_counted_by_the_sites_clock_and_who_was_corrected_was_misread() {
        let data = tempfile::tempdir().expect("a folder");
        let mut writer = Writer::open(data.path(), Options::default()).expect("a ledger");
        use Direction::{In, Out};
        // The day before, and the first minute of the day in China.
        decide(&mut writer, "2026-02-28T15:59:00Z", "苏A11111", In);
        decide(&mut writer, "2026-02-28T16:00:00Z", "苏A22222", In);
        let wrong = decide(&mut writer, "2026-03-01T00:10:00Z", "苏A33333", In);
        let turned = decide(&mut writer, "2026-03-01T00:20:00Z", "苏A44444", Out);
        let unread = decide(&mut writer, "2026-03-01T00:30:00Z", "", Out);
        decide(&mut writer, "2026-03-01T00:40:00Z", "", Out);
        correct(
            &mut writer,
            wrong,
            CorrectedItem::Plate,
            ["苏A33333", "苏A33338"],
        );
        correct(&mut writer, turned, CorrectedItem::Direction, ["out", "in"]);
        correct(&mut writer, unread, CorrectedItem::Plate, ["", "苏A55555"]);
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        let day = "2026-03-01".parse().expect("a day");
        let reader = writer.reader().expect("a ledger");
        let figures = DayFigures::of(&reader, day, &zone).expect("counted");
        let counted = (
            figures.passages,
            figures.recognised,
            figures.misread,
            figures.corrected,
        );
        assert_eq!(counted, (5, 3, 1, 3));
        assert_eq!(figures.recognition_rate(), Some(0.6));
        assert_eq!(figures.accuracy(), Some(2.0 / 3.0));
        assert_eq!(figures.transmission_rate(), None, "nobody gets it");
        let flow = |hour, entered, left| HourFlow {
            hour,
            entered,
            left,
        };
        assert_eq!(figures.hours, [flow(0, 1, 0), flow(8, 2, 2)]);
    }
}
