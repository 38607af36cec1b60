//! What a camera can be doing, by name.

use serde::Serialize;

/// What a camera is doing or suffering from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CameraStatus {
    /// The first attempt is under way.
    Connecting,
    /// Pictures arrive.
    Live,
    /// Pictures arrive, but it is always the same one.
    Frozen,
    /// Pictures arrive and are black.
    Black,
    /// Nobody answers at the address.
    Unreachable,
    /// Somebody answers there, but not as a camera is expected to; the reason says what.
    Unexpected,
    /// The camera refused user name or password.
    Unauthorized,
    /// The camera has no stream of this name.
    NotFound,
    /// The stream is neither H.264 nor H.265.
    UnsupportedCodec,
    /// The picture is smaller than required.
    TooSmall,
    /// The picture is larger than this computer has memory for.
    TooLarge,
    /// The connection stands but nothing arrives.
    Stalled,
    /// Data arrives but no picture can be decoded from it.
    DecodeErrors,
    /// Our own decoding broke off at what the camera sent, and begins again.
    DecoderFailed,
    /// The camera or the network ended the connection.
    Lost,
    /// The recorded file cannot be read.
    Unreadable,
    /// The recorded file has been played to its end.
    Ended,
    /// Stopped on request.
    Stopped,
}

impl CameraStatus {
    /// All of them, for metrics that list every state.
    pub const ALL: [Self; 18] = [
        Self::Connecting,
        Self::Live,
        Self::Frozen,
        Self::Black,
        Self::Unreachable,
        Self::Unexpected,
        Self::Unauthorized,
        Self::NotFound,
        Self::UnsupportedCodec,
        Self::TooSmall,
        Self::TooLarge,
        Self::Stalled,
        Self::DecodeErrors,
        Self::DecoderFailed,
        Self::Lost,
        Self::Unreadable,
        Self::Ended,
        Self::Stopped,
    ];

    /// A stable name, the same as in its serialised form.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Frozen => "frozen",
            Self::Black => "black",
            Self::Unreachable => "unreachable",
            Self::Unexpected => "unexpected",
            Self::Unauthorized => "unauthorized",
            Self::NotFound => "not_found",
            Self::UnsupportedCodec => "unsupported_codec",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::Stalled => "stalled",
            Self::DecodeErrors => "decode_errors",
            Self::DecoderFailed => "decoder_failed",
            Self::Lost => "lost",
            Self::Unreadable => "unreadable",
            Self::Ended => "ended",
            Self::Stopped => "stopped",
        }
    }

    /// Whether something is wrong.
    #[must_use]
    pub fn is_fault(self) -> bool {
        !matches!(
            self,
            Self::Connecting | Self::Live | Self::Ended | Self::Stopped
        )
    }

    /// Whether pictures arrive.
    #[must_use]
    pub fn delivers(self) -> bool {
        matches!(self, Self::Live | Self::Frozen | Self::Black)
    }

    /// What a person can do about it, for logs.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Connecting | Self::Live | Self::Ended | Self::Stopped => "nothing to do",
            Self::Frozen => "restart the camera",
            Self::Black => "check lens cap, lamp and exposure",
            Self::Unreachable => "check power, cable, address and port of the camera",
            Self::Unexpected => {
                "it can be reached: check port and path, and what its manual says of the answer"
            }
            Self::Unauthorized => "check user name and password; the account may be locked",
            Self::NotFound => "check the path of the stream in the camera's manual",
            Self::UnsupportedCodec => "set the camera's stream to H.264 or H.265",
            Self::TooSmall => "choose the main stream or a larger picture in the camera",
            Self::TooLarge => "choose a smaller picture in the camera; 4K is enough for any lane",
            Self::Stalled | Self::Lost => "check cable, switch and load of the camera",
            Self::DecodeErrors => "lower the bit rate or set a key frame every 2 s in the camera",
            Self::DecoderFailed => "send the log to the makers; another coding may help until then",
            Self::Unreadable => "check the path and that the file plays elsewhere",
        }
    }
}
