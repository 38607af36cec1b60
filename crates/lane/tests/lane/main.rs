//! Hours of traffic in milliseconds.

mod cases;
mod passages;
mod scene;
mod sim;
mod traffic;
