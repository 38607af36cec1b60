//! What a passage is about, in words that are stored, sent and shown under one name.

use crate::coded;

coded! {
    /// Which way the vehicle goes.
    pub enum Direction {
        /// Into the site.
        In = "in",
        /// Out of the site.
        Out = "out",
    }
}

impl Direction {
    /// The other way.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::In => Self::Out,
            Self::Out => Self::In,
        }
    }
}

coded! {
    /// How a passage ended.
    pub enum Outcome {
        /// The vehicle went through.
        Passed = "passed",
        /// It turned back before the barrier.
        BackedOut = "backed_out",
        /// It was not seen to leave within the lane's time.
        TimedOut = "timed_out",
        /// Nobody saw the end: the service stopped while the vehicle stood there.
        Lost = "lost",
    }
}

coded! {
    /// The two pictures of a passage that HJ 1321-2023 asks for.
    pub enum KeyPhoto {
        /// The head of the vehicle with its plate.
        Head = "head",
        /// The whole vehicle.
        Body = "body",
    }
}

impl KeyPhoto {
    /// The frame as it was.
    #[must_use]
    pub const fn original(self) -> PhotoKind {
        match self {
            Self::Head => PhotoKind::HeadOriginal,
            Self::Body => PhotoKind::BodyOriginal,
        }
    }

    /// The frame with its annotation band.
    #[must_use]
    pub const fn annotated(self) -> PhotoKind {
        match self {
            Self::Head => PhotoKind::Head,
            Self::Body => PhotoKind::Body,
        }
    }
}

coded! {
    /// What a photo shows. A passage has at most one photo of each kind.
    pub enum PhotoKind {
        /// The frame that was read, as JPEG without annotation.
        HeadOriginal = "head_original",
        /// The head key photo with its annotation band.
        Head = "head",
        /// The body frame without annotation.
        BodyOriginal = "body_original",
        /// The body key photo with its annotation band.
        Body = "body",
    }
}
