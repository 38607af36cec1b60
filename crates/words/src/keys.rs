//! Every text by name. The texts themselves are in `zh.toml` and `en.toml`.

use std::fmt;

macro_rules! keys {
    ($( $variant:ident = $name:literal $([$($placeholder:literal),+])?, )+) => {
        /// One text of the catalogue, in every language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Key {
            $( #[doc = concat!("`", $name, "`")] $variant, )+
        }

        impl Key {
            /// Every key, in the order of the catalogue files.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the catalogue files: `table.entry`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The values that the text needs, by name.
            #[must_use]
            pub const fn placeholders(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($($placeholder),+)?]),+ }
            }
        }
    };
}

keys! {
    ColorBlue = "color.blue",
    ColorYellow = "color.yellow",
    ColorGreen = "color.green",
    ColorYellowGreen = "color.yellow_green",
    ColorWhite = "color.white",
    ColorBlack = "color.black",
    ColorOther = "color.other",
    ColorUnknown = "color.unknown",
    PlateColorBlue = "plate_color.blue",
    PlateColorYellow = "plate_color.yellow",
    PlateColorGreen = "plate_color.green",
    PlateColorYellowGreen = "plate_color.yellow_green",
    PlateColorWhite = "plate_color.white",
    PlateColorBlack = "plate_color.black",
    PlateColorOther = "plate_color.other",
    PlateColorUnknown = "plate_color.unknown",
    LayoutSingle = "layout.single",
    LayoutDouble = "layout.double",
    LayoutUnknown = "layout.unknown",
    DirectionIn = "direction.in",
    DirectionOut = "direction.out",
    DecisionAllow = "decision.allow",
    DecisionDeny = "decision.deny",
    DecisionAsk = "decision.ask",
    ReasonEmergency = "reason.emergency",
    ReasonOnDenyList = "reason.on_deny_list",
    ReasonOnAllowList = "reason.on_allow_list",
    ReasonListColorUnknown = "reason.list_color_unknown",
    ReasonAllowNotValid = "reason.allow_not_valid",
    ReasonReadAllowed = "reason.read_allowed",
    ReasonReadDenied = "reason.read_denied",
    ReasonReadAsks = "reason.read_asks",
    ReasonNoPlateAllowed = "reason.no_plate_allowed",
    ReasonNoPlateDenied = "reason.no_plate_denied",
    ReasonNoPlateAsks = "reason.no_plate_asks",
    ReasonUncertainAllowed = "reason.uncertain_allowed",
    ReasonUncertainDenied = "reason.uncertain_denied",
    ReasonUncertainAsks = "reason.uncertain_asks",
    ListSimilarAllow = "list.similar_allow" ["color", "plate"],
    ListSimilarDeny = "list.similar_deny" ["color", "plate"],
    ListAnyColor = "list.any_color",
    ListAsOf = "list.as_of" ["list", "time"],
    ListStale = "list.stale" ["list", "time"],
    ListNever = "list.never" ["list"],
    BarrierRaised = "barrier.raised",
    BarrierKeptDown = "barrier.kept_down",
    BarrierDryRun = "barrier.dry_run",
    BarrierManualLift = "barrier.manual_lift",
    AlarmUnreachable = "alarm.unreachable" ["barrier"],
    AlarmTimedOut = "alarm.timed_out" ["barrier"],
    AlarmRefused = "alarm.refused" ["barrier"],
    AlarmUnauthorized = "alarm.unauthorized" ["barrier"],
    AlarmBusy = "alarm.busy" ["barrier"],
    AlarmExpired = "alarm.expired" ["barrier"],
    AlarmFailed = "alarm.failed" ["barrier"],
    CameraConnecting = "camera.connecting",
    CameraLive = "camera.live",
    CameraUnreachable = "camera.unreachable",
    CameraUnauthorized = "camera.unauthorized",
    CameraNotFound = "camera.not_found",
    CameraTooSmall = "camera.too_small",
    CameraUnsupportedCodec = "camera.unsupported_codec",
    CameraStalled = "camera.stalled",
    CameraFrozen = "camera.frozen",
    CameraBlack = "camera.black",
    CameraDecodeErrors = "camera.decode_errors",
    CameraLost = "camera.lost",
    CameraUnreadable = "camera.unreadable",
    CameraEnded = "camera.ended",
    CameraStopped = "camera.stopped",
    CameraWhyConnecting = "camera_why.connecting",
    CameraWhyLive = "camera_why.live",
    CameraWhyUnreachable = "camera_why.unreachable",
    CameraWhyUnauthorized = "camera_why.unauthorized",
    CameraWhyNotFound = "camera_why.not_found",
    CameraWhyTooSmall = "camera_why.too_small",
    CameraWhyUnsupportedCodec = "camera_why.unsupported_codec",
    CameraWhyStalled = "camera_why.stalled",
    CameraWhyFrozen = "camera_why.frozen",
    CameraWhyBlack = "camera_why.black",
    CameraWhyDecodeErrors = "camera_why.decode_errors",
    CameraWhyLost = "camera_why.lost",
    CameraWhyUnreadable = "camera_why.unreadable",
    CameraWhyEnded = "camera_why.ended",
    CameraWhyStopped = "camera_why.stopped",
    CameraNextConnecting = "camera_next.connecting",
    CameraNextLive = "camera_next.live",
    CameraNextUnreachable = "camera_next.unreachable",
    CameraNextUnauthorized = "camera_next.unauthorized",
    CameraNextNotFound = "camera_next.not_found",
    CameraNextTooSmall = "camera_next.too_small",
    CameraNextUnsupportedCodec = "camera_next.unsupported_codec",
    CameraNextStalled = "camera_next.stalled",
    CameraNextFrozen = "camera_next.frozen",
    CameraNextBlack = "camera_next.black",
    CameraNextDecodeErrors = "camera_next.decode_errors",
    CameraNextLost = "camera_next.lost",
    CameraNextUnreadable = "camera_next.unreadable",
    CameraNextEnded = "camera_next.ended",
    CameraNextStopped = "camera_next.stopped",
    UploadNew = "upload.new",
    UploadSending = "upload.sending",
    UploadAcknowledged = "upload.acknowledged",
    UploadRefused = "upload.refused",
    OutcomeWaiting = "outcome.waiting",
    OutcomePassed = "outcome.passed",
    OutcomeBackedOut = "outcome.backed_out",
    OutcomeTimedOut = "outcome.timed_out",
    OutcomeLost = "outcome.lost",
    ClockSynced = "clock.synced",
    ClockUnsynced = "clock.unsynced",
    ClockCameraNtp = "clock.camera_ntp",
    ClockArrival = "clock.arrival",
    ClockFile = "clock.file",
    LightDay = "light.day",
    LightDusk = "light.dusk",
    LightNight = "light.night",
    LightInfrared = "light.infrared",
    LightUnknown = "light.unknown",
    PhotoHead = "photo.head",
    PhotoBody = "photo.body",
    PhotoHeadOriginal = "photo.head_original",
    PhotoBodyOriginal = "photo.body_original",
    CaptionUnread = "caption.unread",
    CaptionClockUntrusted = "caption.clock_untrusted",
    CaptionEntrance = "caption.entrance",
    CaptionBarrier = "caption.barrier",
    CaptionLane = "caption.lane",
    ColumnTime = "column.time",
    ColumnLane = "column.lane",
    ColumnDirection = "column.direction",
    ColumnPlate = "column.plate",
    ColumnColor = "column.color",
    ColumnLayout = "column.layout",
    ColumnTrailer = "column.trailer",
    ColumnConfidence = "column.confidence",
    ColumnDecision = "column.decision",
    ColumnReason = "column.reason",
    ColumnUpload = "column.upload",
    ColumnOutcome = "column.outcome",
    ColumnPhoto = "column.photo",
    ColumnCamera = "column.camera",
    ColumnState = "column.state",
    FindingMissing = "finding.missing",
    FindingOneOf = "finding.one_of",
    FindingTooLong = "finding.too_long" ["max"],
    FindingControlCharacter = "finding.control_character",
    FindingNotADate = "finding.not_a_date",
    FindingDateFuture = "finding.date_future" ["today"],
    FindingDatesOrder = "finding.dates_order" ["made"],
    FindingDateBeforeStage = "finding.date_before_stage" ["published"],
    FindingNotACode = "finding.not_a_code" ["allowed"],
    FindingColorByNumber = "finding.color_by_number" ["allowed"],
    FindingNotACount = "finding.not_a_count",
    FindingDegrees = "finding.degrees" ["least", "most"],
    FindingNotAFile = "finding.not_a_file",
    FindingPhone = "finding.phone",
    FindingVinLength = "finding.vin_length" ["length"],
    FindingVinLetter = "finding.vin_letter" ["found"],
    FindingVinCheck = "finding.vin_check",
    FindingPlateLength = "finding.plate_length" ["length"],
    FindingPlateForm = "finding.plate_form",
    FindingPlateColor = "finding.plate_color",
    FindingFuelPlate = "finding.fuel_plate",
    FindingElectricPlate = "finding.electric_plate",
    FindingPerhapsElectric = "finding.perhaps_electric",
    FindingFuelStage = "finding.fuel_stage",
    FindingCreditCode = "finding.credit_code",
    FindingCreditCodeCheck = "finding.credit_code_check",
    FindingAreaCode = "finding.area_code",
    FindingEntranceCode = "finding.entrance_code",
    FindingGateCode = "finding.gate_code",
    FindingVehicleType = "finding.vehicle_type",
    FindingNotAnAddress = "finding.not_an_address",
    FindingNotAPort = "finding.not_a_port",
    FindingNotAUrl = "finding.not_a_url",
    FindingUrlSecret = "finding.url_secret",
    TableRow = "table.row" ["row", "column", "label", "value", "said"],
    TableTooLarge = "table.too_large" ["mib"],
    TableTooMany = "table.too_many" ["rows", "columns"],
    TableDamaged = "table.damaged" ["error"],
    TableEmpty = "table.empty",
    TableNotText = "table.not_text",
    TableLostDigits = "table.lost_digits" ["cell"],
    TableCellError = "table.cell_error" ["cell", "error"],
    TableCellLong = "table.cell_long" ["cell"],
    TableUnknownColumn = "table.unknown_column" ["column", "allowed"],
    TableColumnTwice = "table.column_twice" ["column"],
    TableNoColumn = "table.no_column" ["column"],
    TableNoHead = "table.no_head",
    TableRowTwice = "table.row_twice" ["row"],
}

impl Key {
    /// The key called `table.entry`.
    #[must_use]
    pub fn find(table: &str, entry: &str) -> Option<Self> {
        let wanted = |key: &&Self| key.as_str().split_once('.') == Some((table, entry));
        Self::ALL.iter().find(wanted).copied()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
