//! The fields of a JSON object as its sender wrote them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::WeighingError;

/// Fields in their order, each as often as it was written.
pub(super) struct Fields(Vec<(String, Value)>);

impl Fields {
    /// Refuses fields of other names, and fields that stand twice: one of the two values would be lost
    /// silently.
    pub(super) fn only(&self, known: &[&'static str]) -> Result<(), WeighingError> {
        for (place, (name, _)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(WeighingError::UnknownField {
                    field: name.clone(),
                    known: known.join(", "),
                });
            }
            if self.0[..place].iter().any(|(before, _)| before == name) {
                let field = name.clone();
                return Err(WeighingError::FieldTwice { field });
            }
        }
        Ok(())
    }

    /// What a field holds; nothing where it is missing or null.
    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| value).filter(|v| !v.is_null())
    }

    /// The text of a field that may be missing.
    pub(super) fn text(&self, field: &'static str) -> Result<Option<&str>, WeighingError> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(WeighingError::NotText { field }),
        }
    }

    /// The text of a field that must be there.
    pub(super) fn required_text(&self, field: &'static str) -> Result<&str, WeighingError> {
        self.text(field)?.ok_or(WeighingError::Missing { field })
    }

    /// The number of a field that may be missing; some write numbers in quotes, in either width.
    pub(super) fn number(&self, field: &'static str) -> Result<Option<f64>, WeighingError> {
        let number = match self.get(field) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => records::number(text),
            Some(_) => None,
        };
        number.map(Some).ok_or(WeighingError::NotANumber { field })
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(EachField)
    }
}

struct EachField;

impl<'de> Visitor<'de> for EachField {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Fields(fields))
    }
}
