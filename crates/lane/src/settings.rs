//! What a site sets for one lane, and what each setting means.

use std::time::Duration;

use frame::Region;
use passage::Direction;

/// Which end of a vehicle the camera sees as it goes the lane's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Vehicles come towards the camera: plates grow.
    Front,
    /// Vehicles go away from the camera: plates shrink.
    Rear,
}

/// LaneSettings of one lane. The defaults suit a camera that analyses 4 to 15 frames a second and
/// sees plates 50 to 260 pixels wide.
#[derive(Debug, Clone)]
pub struct LaneSettings {
    /// Which way vehicles go when all is as planned.
    pub direction: Direction,
    /// What the camera sees.
    pub view: View,
    /// Where plates count; a plate whose centre lies outside (neighbour lane, date overlay) is
    /// not there.
    pub region: Region,

    /// A plate is accepted when its weakest character has at least this probability.
    pub accept_confidence: f32,
    /// Before a vehicle leaves, a decision waits for a colour of at least this probability.
    pub color_confidence: f32,
    /// Something seen is taken for a plate when the mean of its legibility is at least this.
    pub min_legible: f32,
    /// Frames that must have voted before a plate counts at all.
    pub min_frames: u32,
    /// Narrower plates are followed but do not vote, in pixels.
    pub min_plate_px: f32,
    /// A plate at least this wide, as a share of the picture's width, is near: a sure plate is
    /// decided there even if the vehicle does not stop.
    pub near_plate_share: f32,

    /// A plate that has not moved for this long stands.
    pub stand_for: Duration,
    /// A vehicle that stands in front for this long is decided with what there is, so that the
    /// guard can act while it stands.
    pub patience: Duration,
    /// The same for a vehicle of which no plate was seen at all.
    pub plateless_patience: Duration,
    /// A vehicle without a plate occupies the lane for at least this long.
    pub plateless_for: Duration,
    /// A vehicle without a plate covers at least this share of the lane at its peak.
    pub plateless_share: f32,

    /// The lane is occupied from this share on …
    pub occupied_share: f32,
    /// … until the share has been below this …
    pub clear_share: f32,
    /// … for this long.
    pub clear_for: Duration,
    /// Something moves when at least this share of the lane changed since the last frame.
    pub moving_share: f32,

    /// A plate not seen for this long while the lane is clear has left. When nobody knows whether
    /// the lane is clear: twice this for a plate last seen moving, [`LaneSettings::unseen_for`] for
    /// one last seen standing.
    pub leave_after: Duration,
    /// A plate last seen standing and then not seen for this long has left, when nobody knows
    /// whether the lane is clear.
    pub unseen_for: Duration,
    /// A standing plate may be covered for this long while the lane stays occupied; then the
    /// passage is timed out.
    pub covered_for: Duration,
    /// A vehicle whose plate has left the picture has passed at the latest after this, even if
    /// the lane is still occupied by its body or by the next one.
    pub body_for: Duration,
    /// When nobody knows whether the lane is clear, a trailer's plate seen within this time after
    /// the last plate belongs to the same vehicle.
    pub trailer_within: Duration,

    /// The same plate seen again is a new passage if it comes from the start of the lane and was
    /// away for at least this long …
    pub rearm_after: Duration,
    /// … and in any case after this long.
    pub forget_after: Duration,
    /// A plate that has not moved for this long, and that no vehicle brought, is a fixed thing: a
    /// sign, a phone number, a parked car.
    pub fixed_after: Duration,

    /// Frames further apart than this leave the lane unseen in between: no time counts there.
    pub blind_after: Duration,
    /// Vehicles that are open when no frame comes for this long are timed out.
    pub blind_for: Duration,
    /// An open passage taken over from before a restart is timed out when its vehicle is not seen
    /// for this long.
    pub resume_for: Duration,
}

impl Default for LaneSettings {
    fn default() -> Self {
        let ms = Duration::from_millis;
        Self {
            direction: Direction::In,
            view: View::Front,
            region: Region::whole(),
            accept_confidence: 0.9,
            color_confidence: 0.8,
            min_legible: 0.5,
            min_frames: 3,
            min_plate_px: 50.0,
            near_plate_share: 0.07,
            stand_for: ms(500),
            patience: ms(5_000),
            plateless_patience: ms(6_000),
            plateless_for: ms(1_500),
            plateless_share: 0.16,
            occupied_share: 0.12,
            clear_share: 0.06,
            clear_for: ms(700),
            moving_share: 0.02,
            leave_after: ms(2_000),
            unseen_for: ms(15_000),
            covered_for: ms(120_000),
            body_for: ms(30_000),
            trailer_within: ms(4_000),
            rearm_after: ms(4_000),
            forget_after: ms(60_000),
            fixed_after: ms(8_000),
            blind_after: ms(1_500),
            blind_for: ms(120_000),
            resume_for: ms(60_000),
        }
    }
}
