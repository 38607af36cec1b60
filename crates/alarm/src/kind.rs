//! What gives rise to alarms.

use std::time::Duration;

use passage::coded;

coded! {
    /// What gives rise to an alarm. Its code is stored, sent and shown.
    pub enum CauseKind {
        /// A camera delivers nothing usable; the detail is the code of its state.
        CameraDown = "camera_down",
        /// A camera's picture is black: covered, dead, or no light at all.
        CameraDark = "camera_dark",
        /// A camera delivers the same picture again and again.
        CameraFrozen = "camera_frozen",
        /// Passages of a lane cannot be written down.
        LedgerRefuses = "ledger_refuses",
        /// A barrier did not do as it was told; the detail is the code of how.
        BarrierFailed = "barrier_failed",
        /// This computer's clock follows no time server.
        ClockUntrusted = "clock_untrusted",
        /// This computer's clock jumped; the detail is by how many seconds.
        ClockStep = "clock_step",
        /// The disk is nearly full, or will be before photos may go.
        DiskShort = "disk_short",
        /// The last backup is too old, or failed.
        BackupLate = "backup_late",
        /// Rows wait too long for a platform.
        UploadsLate = "uploads_late",
        /// Too little of today has arrived at a platform; the detail is the rate in percent.
        UploadsLow = "uploads_low",
        /// A platform refused rows; the detail is how many.
        UploadsRefused = "uploads_refused",
        /// A platform's list of vehicles over the limit is too old, or never came.
        ListStale = "list_stale",
        /// A weighing indicator is not heard; the detail is the code of its line.
        ScaleDown = "scale_down",
        /// A vehicle came to the gate that a list or a strategy denies; the detail is why, by code.
        DeniedCame = "denied_came",
        /// A vehicle passed that was denied; the detail is why, by code, and ` held_open` where the gate was
        /// held open.
        DeniedPassed = "denied_passed",
        /// A vehicle that was denied passed close behind another; the detail is why it was denied.
        Followed = "followed",
        /// A person raised an arm; the detail is the code of how.
        ManualLift = "manual_lift",
        /// A person raised an arm and no vehicle passed; the detail is the code of how.
        LiftUnused = "lift_unused",
        /// A vehicle has been on the site for too long; the detail is the limit in hours.
        Overstay = "overstay",
        /// A person holds a gate open; the detail is who.
        HeldOpen = "held_open",
        /// The inputs beside a barrier do not answer: where the arm is is not known.
        InputsSilent = "inputs_silent",
        /// A display does not show what it is told.
        DisplayDown = "display_down",
        /// A voice is not heard.
        VoiceDown = "voice_down",
        /// A part of a camera's view is covered.
        CameraCovered = "camera_covered",
        /// A camera looks elsewhere than it did.
        CameraTurned = "camera_turned",
        /// Nothing was recognised for a time, because the program or the computer stood still; the detail is
        /// for how many seconds before the alarm.
        Unwatched = "unwatched",
        /// No video of a camera is kept; the detail is the code of the reason.
        VideoStopped = "video_stopped",
        /// The disks can't hold video for as long as it is to be kept; the detail is in how many days it stops.
        VideoShort = "video_short",
    }
}

impl CauseKind {
    /// Whether it ends by itself. What does not is over when a person has seen it.
    #[must_use]
    pub const fn lasts(self) -> bool {
        !matches!(
            self,
            Self::ClockStep
                | Self::DeniedCame
                | Self::DeniedPassed
                | Self::Followed
                | Self::ManualLift
                | Self::LiftUnused
                | Self::Unwatched
        )
    }

    /// Whether something at the gate does not work while it lasts: what a shift tells the next one as an
    /// outage.
    #[must_use]
    pub const fn is_outage(self) -> bool {
        matches!(
            self,
            Self::CameraDown
                | Self::CameraDark
                | Self::CameraFrozen
                | Self::CameraCovered
                | Self::CameraTurned
                | Self::LedgerRefuses
                | Self::BarrierFailed
                | Self::ClockUntrusted
                | Self::ClockStep
                | Self::UploadsLate
                | Self::ScaleDown
                | Self::InputsSilent
                | Self::DisplayDown
                | Self::VoiceDown
                | Self::Unwatched
                | Self::VideoStopped
        )
    }

    /// For how long it has to be so before it is an alarm. A camera that comes back within a second was
    /// none; whether the clock is followed is asked of the system, which answers seconds after the start.
    pub(crate) const fn patience(self) -> Duration {
        match self {
            Self::CameraDown => Duration::from_secs(1),
            Self::ClockUntrusted => Duration::from_secs(15),
            // Right after the start a list is on its way, and a backup that is due being made.
            Self::ListStale | Self::BackupLate => Duration::from_secs(60),
            // One lost answer is no outage, and is asked for again within seconds.
            Self::InputsSilent => Duration::from_secs(2),
            Self::DisplayDown => Duration::from_secs(8),
            // After a start it waits for the first key picture.
            Self::VideoStopped => Duration::from_secs(20),
            _ => Duration::ZERO,
        }
    }
}
