//! Vehicles and what they do.

/// What a vehicle does at the gate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Manner {
    /// Stops at the line for so many seconds.
    Stops(f32),
    /// Drives through.
    Through,
    /// Stops for so many seconds and backs out of sight.
    BacksOut(f32),
}

/// One vehicle.
#[derive(Debug, Clone)]
pub(crate) struct Car {
    pub(crate) plate: String,
    pub(crate) manner: Manner,
    /// Metres.
    pub(crate) length: f32,
    /// How surely its characters are read close by, 0 to 1.
    pub(crate) clean: f32,
    /// What the reader says of "this is a plate".
    pub(crate) legible: f32,
    /// Seconds after arriving at the line during which its plate is covered.
    pub(crate) covered: (f32, f32),
    /// Also shown large on the body.
    pub(crate) painted: bool,
    /// Has bright bars above the plate that read like one, now so and now so.
    pub(crate) barred: bool,
    /// Plate of the trailer, seen behind the tractor.
    pub(crate) trailer: Option<String>,
    pub(crate) lateral: f32,
    /// Metres from the plate to the stop line; negative beyond.
    pub(crate) gap: f32,
    pub(crate) speed: f32,
    /// Metres a second, at most.
    pub(crate) top_speed: f32,
    pub(crate) stood: f32,
    pub(crate) leaving: bool,
}

impl Car {
    pub(crate) fn new(plate: &str, manner: Manner) -> Self {
        Self {
            plate: plate.to_owned(),
            manner,
            length: 6.0,
            clean: 0.985,
            legible: 0.97,
            covered: (0.0, 0.0),
            painted: false,
            barred: false,
            trailer: None,
            lateral: 0.0,
            gap: 0.0,
            speed: 4.5,
            top_speed: 4.5,
            stood: 0.0,
            leaving: false,
        }
    }
}
