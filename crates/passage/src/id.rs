//! Names of passages, records and deliveries. None depends on the clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownCode;

/// Declares a place in this ledger: 1, 2, 3, … in the order of commit, never used again.
macro_rules! number {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// A passage's place in this ledger: 1, 2, 3, … in the order of commit, never used again.
    PassageId
}
number! {
    /// A row of the outbox.
    OutboxId
}
number! {
    /// A register record's place in this ledger, in the order of commit, never used again.
    RecordId
}

/// Declares 128 random bits that name one thing for ever and everywhere.
macro_rules! key {
    ($(#[$meta:meta])* $name:ident, $what:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// A new key.
            #[must_use]
            pub fn random() -> Self {
                Self(rand::random())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let hex = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
                match u128::from_str_radix(text, 16) {
                    Ok(bits) if hex => Ok(Self(bits)),
                    _ => Err(UnknownCode::new($what, text)),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

key! {
    /// 128 random bits that name one passage for ever and everywhere: in photo file names, which must
    /// be known before the row exists, and at the platforms, as the key that makes a repeated
    /// delivery harmless. Shown as 32 hexadecimal digits.
    PassageKey, "passage key"
}
key! {
    /// 128 random bits that name one register record through all its revisions, here and at the
    /// platforms. Shown as 32 hexadecimal digits.
    RecordKey, "record key"
}
