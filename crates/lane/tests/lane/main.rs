//! Hours of traffic in milliseconds.

mod cars;
mod cases;
mod dice;
mod passages;
mod scene;
mod seeing;
mod sim;
mod traffic;
mod unread;
