//! One field of a platform and where its value comes from.

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

/// What is sent for an item that we do not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// `null`.
    #[default]
    Null,
    /// The field is left out.
    Omit,
    /// Empty text, for platforms that fail on null.
    Empty,
}

/// One field: the item it carries and in what form. In a file either the item's name alone or a
/// table. There is no way to write a constant here: an item that we lack is sent as missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Our name of the item.
    pub item: String,
    /// Name of the code map; the item's own word without one.
    pub codes: Option<String>,
    /// How a time or a day is written, as `strftime` has it; otherwise as the envelope says.
    pub date: Option<String>,
    /// Longest text; a longer one is refused here and not cut, for cut data are wrong data.
    pub max_chars: Option<usize>,
    /// Write a number as text.
    pub as_text: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    item: String,
    codes: Option<String>,
    date: Option<String>,
    max_chars: Option<usize>,
    #[serde(default)]
    as_text: bool,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Field;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of an item such as \"plateNo\", or { item = \"plateNo\", codes = \"…\", date = \"…\", max_chars = 30, as_text = true }")
            }

            fn visit_str<E>(self, item: &str) -> Result<Field, E> {
                Ok(Field {
                    item: item.to_owned(),
                    ..Field::default()
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
                let table = Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Field {
                    item: table.item,
                    codes: table.codes,
                    date: table.date,
                    max_chars: table.max_chars,
                    as_text: table.as_text,
                })
            }
        }
        from.deserialize_any(Either)
    }
}
