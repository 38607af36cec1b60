//! Quiet hours on the site's clock.

use jiff::civil::Time;

/// From one time of the day to another, over midnight where the first is later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// First quiet minute.
    pub from: Time,
    /// First minute that is not quiet.
    pub until: Time,
}

impl QuietHours {
    /// `22:00-06:00`; none when it is not written so, or holds no time at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        let hours = Self {
            from: time(from)?,
            until: time(until)?,
        };
        (hours.from != hours.until).then_some(hours)
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}-{}",
            self.from.strftime("%H:%M"),
            self.until.strftime("%H:%M")
        )
    }

    /// Whether nobody is to be woken then.
    #[must_use]
    pub fn holds(&self, now: Time) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&now)
        } else {
            now >= self.from || now < self.until
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight() {
        let night = QuietHours::parse("22:00-06:00").expect("hours");
        let at = |hour, minute| Time::constant(hour, minute, 0, 0);
        for (time, is_quiet) in [
            (at(21, 59), false),
            (at(22, 0), true),
            (at(3, 0), true),
            (at(5, 59), true),
            (at(6, 0), false),
        ] {
            assert_eq!(night.holds(time), is_quiet, "{time}");
        }
        let noon = QuietHours::parse("12:00-13:30").expect("hours");
        assert!(noon.holds(at(13, 29)) && !noon.holds(at(13, 30)) && !noon.holds(at(0, 0)));
        assert_eq!(night.text(), "22:00-06:00");
        for wrong in ["22:00", "8-9", "25:00-06:00", "06:00-06:00", ""] {
            assert_eq!(QuietHours::parse(wrong), None, "{wrong}");
        }
    }
}
