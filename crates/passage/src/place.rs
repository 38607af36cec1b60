//! Where a lane is.

/// Where a lane is and what its camera sees of a vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanePlace {
    /// Name of the lane.
    pub lane: String,
    /// Its entrance.
    pub entrance: String,
    /// Its barrier, which it may share with others.
    pub barrier: String,
    /// Its camera sees vehicles from behind.
    pub sees_rear: bool,
}
