//! One kind of request: its address, what goes around the value, and the fields of the value.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Field, Missing};

/// HTTP methods that platforms use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum HttpMethod {
    #[default]
    Post,
    Put,
    Get,
}

/// Whether a value goes as it is or as the only entry of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Shape {
    #[default]
    Object,
    List,
}

/// What goes around every value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Envelope {
    /// Fields that every request carries. `{enterprise_code}` and the names of the site's
    /// `[platform.names]` are filled in.
    pub fields: BTreeMap<String, String>,
    /// The field that holds the value; without one the value itself is the body.
    pub value_in: Option<String>,
    /// Whether the value stands alone or in a list.
    pub value_as: Shape,
    /// What is sent for an item that we do not know.
    pub missing: Missing,
    /// How times are written, as `strftime` has it, on the clock of the site.
    pub time_format: String,
    /// How days are written.
    pub day_format: String,
}

impl Default for Envelope {
    fn default() -> Self {
        Self {
            fields: BTreeMap::new(),
            value_in: None,
            value_as: Shape::Object,
            missing: Missing::Null,
            time_format: "%Y-%m-%d %H:%M:%S".to_owned(),
            day_format: "%Y-%m-%d".to_owned(),
        }
    }
}

/// One kind of request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Operation {
    /// Last part of the address. Where it is missing, nobody outside the platform knows it: the
    /// site fills it in with `[platform.paths]`.
    pub path: Option<String>,
    /// HTTP method.
    pub method: HttpMethod,
    /// Constants of the protocol (never of the data), beside the envelope's fields.
    pub constants: BTreeMap<String, String>,
    /// Overrides the envelope's.
    pub value_as: Option<Shape>,
    /// The platform's field to our item.
    pub fields: BTreeMap<String, Field>,
    /// Further fields of vehicles that come in.
    pub fields_in: BTreeMap<String, Field>,
    /// Further fields of vehicles that go out.
    pub fields_out: BTreeMap<String, Field>,
    /// Items that the platform wants in every row; completeness is counted over them.
    pub mandatory: Vec<String>,
    /// What a heartbeat says of each gate.
    pub gates: Option<Gates>,
}

/// What a heartbeat says of each gate.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gates {
    /// The field of the value that holds the list; without one each gate has a request of its own.
    pub list_in: Option<String>,
    /// The platform's field to our item.
    pub fields: BTreeMap<String, Field>,
}

impl Operation {
    /// Every field with its key in the file.
    pub(crate) fn all_fields(&self) -> impl Iterator<Item = (String, &Field)> {
        [
            ("fields", &self.fields),
            ("fields_in", &self.fields_in),
            ("fields_out", &self.fields_out),
        ]
        .into_iter()
        .chain(
            self.gates
                .iter()
                .map(|gates| ("gates.fields", &gates.fields)),
        )
        .flat_map(|(part, fields)| fields.iter().map(move |(k, f)| (format!("{part}.{k}"), f)))
    }

    /// The fields for one direction.
    pub(crate) fn fields_for(
        &self,
        inward: Option<bool>,
    ) -> impl Iterator<Item = (&String, &Field)> {
        let own = match inward {
            Some(true) => Some(&self.fields_in),
            Some(false) => Some(&self.fields_out),
            None => None,
        };
        self.fields.iter().chain(own.into_iter().flatten())
    }

    /// Whether some field carries this item.
    pub(crate) fn carries(&self, item: &str) -> bool {
        self.all_fields().any(|(_, field)| field.item == item)
    }
}
