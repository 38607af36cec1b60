//! `[lane.display]`: an LED display beside the barrier, read and shown.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use line::{LineSettings, Port};
use settings::{Printer, Section};
use words::{Key, Said};

use super::card::{CardSettings, LedCard};
use super::{DisplayQueue, Notice, ShownLine};
use crate::template::{self, Escape};
use crate::{BarrierProblem, Took};

/// Lines that a card has.
const LINES: usize = 4;
/// A driver has read it by then, and the next one waits behind.
const KEEP: Duration = Duration::from_secs(20);
const LONGEST_KEEP: Duration = Duration::from_secs(600);
const NAMES: [&str; 6] = ["plate", "emission", "decision", "reason", "time", "lane"];

/// What a site sets for one display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplaySettings {
    card: CardSettings,
    template: Template,
}

/// What stands on which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    lines: Vec<String>,
    idle: Vec<String>,
    /// For how long a decision stands.
    pub(super) keep: Duration,
}

impl DisplaySettings {
    /// Reads the table of a display.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        // There is one kind so far; it is named so that there can be others.
        let () = section.one_of("driver", &[("led_card", ())], ());
        let line = LineSettings::read(section);
        let byte = |key, default| {
            let read = section.integer(key, default, 0..=255);
            u8::try_from(read).unwrap_or_default()
        };
        let (address, font) = (byte("address", 0), byte("font", 3));
        let columns = section.integer("columns", 8, 4..=64);
        let answers = section.flag("answers", true);
        let template = Template::read(section);
        Some(Self {
            card: CardSettings {
                line: line?,
                address,
                font,
                columns,
                answers,
            },
            template,
        })
    }

    /// Shows what [`DisplaySettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("driver", "led_card");
        self.card.line.show(printer);
        printer.value("address", i64::from(self.card.address));
        printer.value("font", i64::from(self.card.font));
        printer.value("columns", self.card.columns);
        printer.value("answers", self.card.answers);
        printer.value("lines", self.template.lines.clone());
        printer.value("idle", self.template.idle.clone());
        printer.length("keep", self.template.keep);
    }

    /// Host and port of the display, where it is on the network.
    #[must_use]
    pub fn address(&self) -> Option<(String, u16)> {
        match &self.card.line.port {
            Port::Tcp(host, port) => Some((host.clone(), *port)),
            Port::Serial(_) => None,
        }
    }

    /// Opens the display within a Tokio runtime: from now on it shows what it is told, and the time by
    /// `zone` while nobody is there. `took` hears how long each decision took to be shown.
    ///
    /// # Errors
    /// When its line is set otherwise in another place.
    pub fn open(&self, zone: TimeZone, took: Took) -> Result<DisplayQueue, Vec<BarrierProblem>> {
        let card = LedCard::new(self.card.clone());
        let card = card.map_err(|why| vec![BarrierProblem { key: "port", why }])?;
        let template = self.template.clone();
        Ok(DisplayQueue::open(Arc::new(card), template, zone, took))
    }
}

impl Template {
    fn read(section: &Section) -> Self {
        let lines = |key: &str, default: &[&str]| {
            let given: Option<Vec<String>> = section.typed(key, "[\"{plate}\", \"{decision}\"]");
            let lines =
                given.unwrap_or_else(|| default.iter().map(|&line| line.to_owned()).collect());
            if lines.is_empty() || lines.len() > LINES {
                let said = Said::with(Key::MistakeDisplayLines, "most", LINES);
                section.problem(key, said);
            }
            for name in lines.iter().flat_map(|line| template::names(line)) {
                if !NAMES.contains(&name) {
                    let said = Said::with(Key::MistakeUnknownName, "name", format!("{{{name}}}"));
                    section.problem(key, said.and("known", NAMES.join(", ")));
                }
            }
            lines
        };
        Self {
            lines: lines(
                "lines",
                &["{plate}", "{emission}", "{decision}", "{reason}"],
            ),
            idle: lines("idle", &["{time}"]),
            keep: section.length_up_to("keep", KEEP, LONGEST_KEEP),
        }
    }

    pub(super) fn lines(&self, notice: &Notice) -> Vec<ShownLine> {
        let value = |name: &str| match name {
            "plate" => Some(notice.plate.as_str()),
            "emission" => Some(notice.emission.as_str()),
            "decision" => Some(notice.decision.as_str()),
            "reason" => Some(notice.reason.as_str()),
            "time" => Some(notice.time.as_str()),
            "lane" => Some(notice.lane.as_str()),
            _ => None,
        };
        self.filled(&self.lines, &value, Some(notice.verdict))
    }

    pub(super) fn idle(&self, time: &str) -> Vec<ShownLine> {
        let value = |name: &str| match name {
            "time" => Some(time),
            // Nobody is there.
            _ => Some(""),
        };
        self.filled(&self.idle, &value, None)
    }

    fn filled<'a>(
        &self,
        lines: &[String],
        value: &dyn Fn(&str) -> Option<&'a str>,
        verdict: Option<passage::Verdict>,
    ) -> Vec<ShownLine> {
        // Every line that a decision may have left is written.
        let count = self.lines.len().max(self.idle.len());
        let blank = String::new();
        (0..count)
            .map(|at| ShownLine {
                text: template::fill_with(lines.get(at).unwrap_or(&blank), value, Escape::None),
                verdict,
            })
            .collect()
    }
}
