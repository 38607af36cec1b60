//! A device in words.

use words::{Key, Said};

use crate::{
    Description, DeviceClock, FoundDevice, ImageSettings, OutputPort, Overlay, OverlayText,
    StreamProfile,
};

/// A clock that is further off dates no photo.
const CLOCK_OFF_MS: i64 = 10_000;

impl Description {
    /// Everything of it, a line each.
    #[must_use]
    pub fn told(&self) -> Vec<Said> {
        let device = Said::with(Key::OnvifDevice, "manufacturer", &self.manufacturer)
            .and("model", &self.model)
            .and("firmware", &self.firmware)
            .and("serial", &self.serial)
            .and("address", &self.address);
        let mut lines = vec![device];
        match &self.clock {
            Some(clock) => lines.extend(clock.told()),
            None => lines.push(Key::OnvifClockUntold.into()),
        }
        lines.extend(self.profiles.iter().map(StreamProfile::told));
        lines.extend(self.overlays.iter().map(Overlay::told));
        let shows_time = |overlay: &Overlay| overlay.text == OverlayText::DateAndTime;
        if !self.overlays.iter().any(shows_time) {
            lines.push(Key::OnvifOverlayNoTime.into());
        }
        lines.extend(self.outputs.iter().map(OutputPort::told));
        lines.extend(self.inputs.iter().map(|input| {
            Said::with(Key::OnvifInput, "token", &input.token).and("idle", &input.idle)
        }));
        lines.extend(self.image.as_ref().map(ImageSettings::told));
        lines.extend(self.untold.iter().cloned());
        lines
    }

    /// The stream to watch a lane with: the one with the most pixels.
    #[must_use]
    pub fn best_profile(&self) -> Option<&StreamProfile> {
        let watchable = self
            .profiles
            .iter()
            .filter(|profile| profile.is_watchable());
        // Of equals the first: devices list their main stream first.
        watchable
            .rev()
            .max_by_key(|profile| profile.width * profile.height)
    }
}

impl FoundDevice {
    /// In one line.
    #[must_use]
    pub fn told(&self) -> Said {
        Said::with(Key::OnvifFound, "address", &self.address)
            .and("name", &self.name)
            .and("hardware", &self.hardware)
    }
}

impl DeviceClock {
    /// Its time against ours, and what to do where it is off.
    #[must_use]
    pub fn told(&self) -> Vec<Said> {
        let seconds = format!("{:.1}", self.ahead_ms as f64 / 1000.0);
        let line = Said::with(Key::OnvifClockTold, "time", self.time)
            .and("seconds", &seconds)
            .and("zone", &self.zone);
        let off = self.ahead_ms.saturating_abs() > CLOCK_OFF_MS;
        let off = off.then(|| Said::plain(Key::OnvifClockOff));
        std::iter::once(line).chain(off).collect()
    }
}

impl StreamProfile {
    fn told(&self) -> Said {
        let fps = self
            .fps
            .map_or_else(|| "?".to_owned(), |fps| format!("{fps:.0}"));
        Said::with(Key::OnvifStream, "token", &self.token)
            .and("name", &self.name)
            .and("width", self.width)
            .and("height", self.height)
            .and("codec", &self.codec)
            .and("fps", fps)
            .and("url", &self.url)
    }
}

impl Overlay {
    /// In one line.
    #[must_use]
    pub fn told(&self) -> Said {
        let text: Said = match &self.text {
            OverlayText::DateAndTime => Key::OnvifOverlayDateAndTime.into(),
            OverlayText::Date => Key::OnvifOverlayDate.into(),
            OverlayText::Time => Key::OnvifOverlayTime.into(),
            OverlayText::Plain(text) => Said::with(Key::OnvifOverlayPlain, "text", text),
            OverlayText::Other => Key::OnvifOverlayOther.into(),
        };
        Said::with(Key::OnvifOverlayTold, "corner", &self.corner).and_said("text", text)
    }
}

impl OutputPort {
    /// Whether it lets go by itself.
    #[must_use]
    pub fn lets_go(&self) -> bool {
        self.mode.eq_ignore_ascii_case("monostable")
    }

    fn told(&self) -> Said {
        let key = if self.lets_go() {
            Key::OnvifOutputPulse
        } else {
            Key::OnvifOutputStays
        };
        Said::with(key, "token", &self.token)
            .and("mode", &self.mode)
            .and("delay", &self.delay)
    }
}

impl ImageSettings {
    fn told(&self) -> Said {
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "?".to_owned());
        let shutter = self.shutter_us.map(|us| format!("{us:.0} µs"));
        Said::with(Key::OnvifImage, "exposure", word(&self.exposure))
            .and("shutter", word(&shutter))
            .and("wide", word(&self.wide_range))
            .and("backlight", word(&self.backlight))
            .and("filter", word(&self.ir_cut))
    }
}
