//! `[[lane]]` tables: a lane, its cameras and its barrier.

use camera::Source;
use gate::{BarrierSettings, DisplaySettings, InputsSettings, VoiceSettings};
use passage::LanePlace;
use settings::{Printer, Section};

use crate::recording::LaneRecording;

/// One lane.
#[derive(Debug, Clone)]
pub struct LaneSetup {
    /// Its name, the only lane of it.
    pub name: String,
    /// Letter or number of its entrance.
    pub entrance: String,
    /// Number of its barrier.
    pub barrier: String,
    /// How vehicles are followed in it.
    pub settings: lane::LaneSettings,
    /// The camera that sees plates.
    pub camera: Source,
    /// Its second, smaller stream, by which it is seen that something comes.
    pub watch_stream: Option<Source>,
    /// Sees the vehicle from the side; without it the body photo is the lane camera's widest.
    pub body_camera: Option<Source>,
    /// Whether and what of it is recorded, where the site records.
    pub record: LaneRecording,
    /// Raises the barrier; without one decisions are only shown.
    pub relay: Option<BarrierSettings>,
    /// Tell where the arm is; without them that is not known.
    pub inputs: Option<InputsSettings>,
    /// Shows decisions beside the barrier.
    pub display: Option<DisplaySettings>,
    /// Says them.
    pub voice: Option<VoiceSettings>,
}

impl LaneSetup {
    /// Reads one table; none when it has no camera, which is noted as a mistake.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let name = section.name("name", "north-in");
        let entrance = section.required("entrance", "A");
        let barrier = section.required("barrier", "01");
        let settings = lane::LaneSettings::read(section);
        let (camera, watch_stream) = section.table("camera", |camera| {
            (Source::read(camera), Source::read_watch(camera))
        });
        let body_camera = section.unless_empty("body_camera", Source::read);
        let record = LaneRecording::read(section, camera.as_ref());
        let relay = section.unless_empty("relay", BarrierSettings::read);
        let inputs = section.unless_empty("inputs", InputsSettings::read);
        let display = section.unless_empty("display", DisplaySettings::read);
        let voice = section.unless_empty("voice", VoiceSettings::read);
        Some(Self {
            name,
            entrance,
            barrier,
            settings,
            camera: camera?,
            watch_stream,
            body_camera,
            record,
            relay,
            inputs,
            display,
            voice,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> LanePlace {
        LanePlace {
            lane: self.name.clone(),
            entrance: self.entrance.clone(),
            barrier: self.barrier.clone(),
            sees_rear: self.settings.view == lane::View::Rear,
        }
    }

    /// Whether it is recorded, where the site records.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        let has_stream = self.record.source.is_some() || matches!(self.camera, Source::Rtsp { .. });
        self.record.is_on && has_stream
    }

    /// Shows it as it is read.
    pub fn show(&self, printer: &mut Printer) {
        printer.value("name", self.name.as_str());
        printer.value("entrance", self.entrance.as_str());
        printer.value("barrier", self.barrier.as_str());
        self.settings.show(printer);
        self.record.show(printer);
        printer.table("camera", |p| {
            self.camera.show(p);
            if let Some(stream) = &self.watch_stream {
                stream.show_watch(p);
            }
        });
        if let Some(camera) = &self.body_camera {
            printer.table("body_camera", |p| camera.show(p));
        }
        match &self.relay {
            Some(relay) => printer.table("relay", |p| relay.show(p)),
            None => printer.note("no relay: decisions are only shown"),
        }
        if let Some(inputs) = &self.inputs {
            printer.table("inputs", |p| inputs.show(p));
        }
        if let Some(display) = &self.display {
            printer.table("display", |p| display.show(p));
        }
        if let Some(voice) = &self.voice {
            printer.table("voice", |p| voice.show(p));
        }
    }
}
