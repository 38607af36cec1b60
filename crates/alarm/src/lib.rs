//! Alarms: what gives rise to one, and its life.
//!
//! A [`Cause`] is a kind and what it is about (a camera, a lane, a platform, a passage). A cause that
//! lasts, such as a dark camera, is looked at again and again; a [`Board`] makes **one** alarm of it, also
//! when it flickers, and clears it once the cause has stayed away. A cause that happened once, such as a
//! vehicle that broke through, stays an alarm until a person has seen it and said so.
//!
//! An alarm is raised, seen by somebody with a reason, and cleared ([`AlarmView`]). Seeing does not clear
//! what lasts: the camera is still dark.
//!
//! It reads no clock, disk or network. Who looks for causes is `sentry`, who keeps alarms is `ledger`.

mod board;
mod cause;
mod json;
mod kind;
mod view;

pub use board::{Board, BoardChange};
pub use cause::Cause;
pub use kind::CauseKind;
pub use view::{AlarmId, AlarmStep, AlarmView, StepKind};
