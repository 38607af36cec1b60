//! `[lane.voice]`: what is said beside the barrier, read and shown.

use jiff::civil::Time;
use settings::{Printer, Section};
use words::{Key, Said};

/// What a site sets for the voice of one lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceSettings {
    /// The sound device, as ALSA names it.
    pub(super) device: String,
    /// From 0, silent, to 100.
    pub(super) volume: u32,
    /// Words a minute, as `espeak-ng` counts them.
    pub(super) speed: u32,
    /// When nothing is said, by the site's clock; a span may go over midnight.
    pub(super) quiet: Vec<(Time, Time)>,
}

impl VoiceSettings {
    /// Reads the table of a voice.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let device = section.text_or("device", "default");
        if device.is_empty() || device.starts_with('-') || device.contains(char::is_control) {
            let said = Said::with(Key::MistakeSoundDevice, "text", &device);
            section.problem("device", said);
        }
        let spans: Vec<String> = section
            .typed("quiet", "[\"22:00-06:00\"]")
            .unwrap_or_default();
        let quiet = spans.iter().filter_map(|text| {
            let span = span(text);
            if span.is_none() {
                section.problem("quiet", Said::with(Key::MistakeNotASpan, "text", text));
            }
            span
        });
        Some(Self {
            quiet: quiet.collect(),
            device,
            volume: section.integer("volume", 80, 0..=100),
            speed: section.integer("speed", 160, 80..=300),
        })
    }

    /// Shows what [`VoiceSettings::read`] reads.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("device", self.device.as_str());
        printer.value("volume", self.volume);
        printer.value("speed", self.speed);
        let quiet = self.quiet.iter();
        let quiet: Vec<_> = quiet
            .map(|(from, to)| format!("{}-{}", from.strftime("%H:%M"), to.strftime("%H:%M")))
            .collect();
        printer.value("quiet", quiet);
    }

    /// Whether nothing is said at this time of the site's clock.
    #[must_use]
    pub fn is_quiet(&self, at: Time) -> bool {
        self.quiet.iter().any(|(from, to)| match from <= to {
            true => (*from..*to).contains(&at),
            false => at >= *from || at < *to,
        })
    }
}

fn span(text: &str) -> Option<(Time, Time)> {
    let (from, to) = text.split_once('-')?;
    let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
    let (from, to) = (time(from)?, time(to)?);
    (from != to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::time;

    use super::*;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let text = "[voice]\nquiet = [\"22:00-06:30\", \"12:00-13:00\"]";
        let document = settings::Document::parse(text).expect("TOML");
        let read = document.read(Path::new("/"), |root| {
            root.table("voice", VoiceSettings::read)
        });
        let voice = read.expect("right").expect("there");
        for (hour, minute, quiet) in [
            (21, 59, false),
            (22, 0, true),
            (0, 0, true),
            (6, 29, true),
            (6, 30, false),
            (12, 30, true),
            (13, 0, false),
        ] {
            let at = time(hour, minute, 0, 0);
            assert_eq!(voice.is_quiet(at), quiet, "{hour}:{minute}");
        }
    }

    #[test]
    fn what_is_no_span_of_time_is_told() {
        for text in ["22-6", "22:00", "25:00-06:00", "06:00-06:00"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
