//! `[[lane]]` tables: a lane, its cameras and its barrier.

use camera::Source;
use gate::BarrierSettings;
use settings::{Printer, Section};

/// One lane.
#[derive(Debug, Clone)]
pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) entrance: String,
    pub(crate) barrier: String,
    pub(crate) settings: lane::LaneSettings,
    pub(crate) camera: Source,
    /// Sees the vehicle from the side; without it the body photo is the lane camera's widest.
    pub(crate) body_camera: Option<Source>,
    /// Raises the barrier; without one decisions are only shown.
    pub(crate) relay: Option<BarrierSettings>,
}

impl Lane {
    pub(super) fn read(section: &Section) -> Option<Self> {
        let name = section.name("name", "north-in");
        let entrance = section.required("entrance", "A");
        let barrier = section.required("barrier", "01");
        let settings = lane::LaneSettings::read(section);
        let camera = section.table("camera", Source::read);
        let body_camera = section.unless_empty("body_camera", Source::read);
        let relay = section.unless_empty("relay", BarrierSettings::read);
        Some(Self {
            name,
            entrance,
            barrier,
            settings,
            camera: camera?,
            body_camera,
            relay,
        })
    }

    pub(super) fn show(&self, printer: &mut Printer) {
        printer.value("name", self.name.as_str());
        printer.value("entrance", self.entrance.as_str());
        printer.value("barrier", self.barrier.as_str());
        self.settings.show(printer);
        printer.table("camera", |p| self.camera.show(p));
        if let Some(camera) = &self.body_camera {
            printer.table("body_camera", |p| camera.show(p));
        }
        match &self.relay {
            Some(relay) => printer.table("relay", |p| relay.show(p)),
            None => printer.note("no relay: decisions are only shown"),
        }
    }
}
