//! The lower rooms' enumerations for the API's document, which those rooms know nothing of. A test holds
//! them against each other.

use utoipa::ToSchema;

macro_rules! mirrors {
    ($( $(#[$meta:meta])* $name:ident as $shown:ident of $of:ty [$($variant:ident),+] )+) => {
        $(
            $(#[$meta])*
            #[derive(ToSchema, serde::Serialize)]
            #[serde(rename_all = "snake_case")]
            #[schema(as = $shown)]
            #[allow(dead_code, reason = "its names go into the document")]
            pub(crate) enum $name { $($variant),+ }
        )+

        #[cfg(test)]
        mod tests {
            use super::*;

            #[test]
            fn every_code_of_the_lower_rooms_is_in_the_document() {
                $(
                    let shown = [$(serde_json::to_value($name::$variant).expect("a code")),+];
                    let kept = <$of>::ALL.iter().map(|code| code.to_string());
                    assert!(kept.eq(shown.iter().map(|s| s.as_str().expect("text").to_owned())));
                )+
            }
        }
    };
}

mirrors! {
    /// Which way the vehicle goes.
    DirectionCode as Direction of passage::Direction [In, Out]
    /// May it pass?
    VerdictCode as Verdict of passage::Verdict [Allow, Deny, Ask]
    /// How a passage ended.
    OutcomeCode as Outcome of passage::Outcome [Passed, BackedOut, TimedOut, Lost]
    /// What a passage asks of the guard: no plate could be read, one was read and not accepted, or the
    /// truck is not in the vehicle register.
    TaskCode as TaskKind of passage::GuardTask [Unread, Doubtful, Unregistered]
    /// What a photo shows.
    PhotoCode as PhotoKind of passage::PhotoKind [HeadOriginal, Head, BodyOriginal, Body]
    /// An item of a passage that a person may set.
    ItemCode as CorrectedItem of passage::CorrectedItem [Plate, Color, Direction, Cargo]
    /// Where a delivery is.
    DeliveryCode as DeliveryState of passage::DeliveryState [New, Sending, Acknowledged, Refused]
    /// What gave rise to an alarm.
    CauseCode as CauseKind of alarm::CauseKind [
        CameraDown, CameraDark, CameraFrozen, LedgerRefuses, BarrierFailed, ClockUntrusted, ClockStep,
        DiskShort, BackupLate, UploadsLate, UploadsLow, UploadsRefused, ListStale, ScaleDown, DeniedCame,
        DeniedPassed, Followed, ManualLift, LiftUnused, Overstay, HeldOpen, InputsSilent, DisplayDown,
        VoiceDown, CameraCovered, CameraTurned, Unwatched, VideoStopped, VideoShort
    ]
    /// What became of an alarm.
    StepCode as StepKind of alarm::StepKind [Again, Seen, Cleared]
    /// What happened to a passage.
    HappeningCode as Happening of ledger::Happening [Decided, Finished, Corrected]
    /// What a person remarks of a vehicle.
    RemarkCode as RemarkKind of passage::RemarkKind [Note, Tag]
    /// What a person says of a visit.
    VisitMarkCode as VisitMarkKind of passage::VisitMarkKind [Joined, Split, Left]
    /// How an arm was raised by a person.
    LiftWayCode as LiftWay of passage::LiftWay [Software, Remote, Button, Unknown]
    /// What a clip is of.
    ClipKindCode as ClipKind of passage::ClipKind [Passage, Forced, Lift, Alarm]
    /// What became of a clip.
    ClipStateCode as ClipState of passage::ClipState [Whole, Partly, None, LeftOut]
    /// What an inspection draws.
    DrawnCode as DrawnKind of ledger::DrawnKind [Passage, Vehicle, Machine, Day]
    /// What an inspector says of something that was drawn.
    MarkCode as InspectionMark of ledger::InspectionMark [Agrees, Differs, Unchecked]
}

/// Plate colour.
#[derive(ToSchema)]
#[schema(as = Color, rename_all = "snake_case")]
#[allow(dead_code, reason = "its names go into the document")]
pub(crate) enum ColorCode {
    Blue,
    Yellow,
    Green,
    YellowGreen,
    White,
    Black,
    Other,
    Unknown,
}
