//! Hours of traffic in milliseconds, seen by a camera on a mast.

mod approach;
mod camera;
mod cars;
mod cases;
mod dice;
mod passages;
mod resting;
mod scene;
mod seeing;
mod signs;
mod silence;
mod sim;
mod traffic;
mod unread;

/// The camera of a gate that names no other.
pub(crate) const CAMERA: camera::Camera = camera::Camera::ABOVE;
