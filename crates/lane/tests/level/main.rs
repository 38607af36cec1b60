//! The same traffic, seen by a camera at the height of the plates in the middle of the lane: what
//! comes nearer stays where it is in the picture.

#[path = "../lane/camera.rs"]
mod camera;
#[path = "../lane/cars.rs"]
mod cars;
#[path = "../lane/cases.rs"]
mod cases;
#[path = "../lane/dice.rs"]
mod dice;
#[path = "../lane/passages.rs"]
mod passages;
#[path = "../lane/resting.rs"]
mod resting;
#[path = "../lane/scene.rs"]
mod scene;
#[path = "../lane/seeing.rs"]
mod seeing;
#[path = "../lane/signs.rs"]
mod signs;
#[path = "../lane/silence.rs"]
mod silence;
#[path = "../lane/sim.rs"]
mod sim;
#[path = "../lane/traffic.rs"]
mod traffic;
#[path = "../lane/unread.rs"]
mod unread;

/// The camera of a gate that names no other.
pub(crate) const CAMERA: camera::Camera = camera::Camera {
    above_m: 0.0,
    center: (960.0, 540.0),
    ..camera::Camera::ABOVE
};
