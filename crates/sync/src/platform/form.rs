//! Facts in the platform's own words.

use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use passage::ItemKind;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::PlatformSettings;
use super::facts::Facts;
use crate::adapter::{self, Adapter, Field, Gates, Missing, Operation, Shape};

/// Data that the platform would not take, found here before it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfit(pub(crate) String);

/// The value of an operation: the platform's fields.
pub(crate) fn value(
    adapter: &Adapter,
    operation: &Operation,
    zone: &TimeZone,
    facts: &Facts,
) -> Result<Map<String, Value>, Unfit> {
    let inward = facts
        .get("inOut")
        .and_then(Value::as_str)
        .map(|w| w == "in");
    fields(adapter, operation.fields_for(inward), zone, facts)
}

/// What a heartbeat says of one gate.
pub(crate) fn gate(
    adapter: &Adapter,
    gates: &Gates,
    zone: &TimeZone,
    facts: &Facts,
) -> Result<Map<String, Value>, Unfit> {
    fields(adapter, gates.fields.iter(), zone, facts)
}

fn fields<'a>(
    adapter: &Adapter,
    fields: impl Iterator<Item = (&'a String, &'a Field)>,
    zone: &TimeZone,
    facts: &Facts,
) -> Result<Map<String, Value>, Unfit> {
    let mut out = Map::new();
    for (name, field) in fields {
        let known = facts.get(&field.item).filter(|v| !v.is_null());
        let value = match known {
            Some(known) => written(adapter, zone, name, field, known)?,
            None => None,
        };
        let value = value.or(match adapter.envelope.missing {
            Missing::Null => Some(Value::Null),
            Missing::Empty => Some(Value::String(String::new())),
            Missing::Omit => None,
        });
        out.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(out)
}

/// One known item as the platform writes it; `None` when its code map has no code for it.
fn written(
    adapter: &Adapter,
    zone: &TimeZone,
    name: &str,
    field: &Field,
    known: &Value,
) -> Result<Option<Value>, Unfit> {
    let unfit = |words: String| Unfit(format!("{name} ({}): {words}", field.item));
    if let Some(map) = &field.codes {
        let word = plain(known);
        let code = adapter.codes.get(map).and_then(|codes| codes.get(&word));
        return Ok(code.cloned().map(Value::String));
    }
    let kind = adapter::item(&field.item).map_or(ItemKind::Text, |item| item.kind);
    let value = match kind {
        ItemKind::Time => {
            let format = field.date.as_ref().unwrap_or(&adapter.envelope.time_format);
            let at: Zoned = plain(known)
                .parse::<Timestamp>()
                .map_err(|_| unfit(format!("{known} is not a time")))?
                .to_zoned(zone.clone());
            Value::String(strtime::format(format, &at).map_err(|e| unfit(e.to_string()))?)
        }
        ItemKind::Day => {
            let format = field.date.as_ref().unwrap_or(&adapter.envelope.day_format);
            let day: Date = plain(known)
                .parse()
                .map_err(|_| unfit(format!("{known} is not a date such as 2020-05-01")))?;
            Value::String(strtime::format(format, day).map_err(|e| unfit(e.to_string()))?)
        }
        ItemKind::Number if field.as_text => Value::String(plain(known)),
        ItemKind::Number | ItemKind::Flag => known.clone(),
        ItemKind::Text | ItemKind::Word | ItemKind::Photo | ItemKind::Local => {
            Value::String(plain(known))
        }
    };
    let chars = value.as_str().map_or(0, |text| text.chars().count());
    if let Some(most) = field.max_chars
        && chars > most
    {
        return Err(unfit(format!(
            "has {chars} characters, the platform takes {most}"
        )));
    }
    Ok(Some(value))
}

/// Text, a number or a flag without quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What goes around the value, ready to be sent but for token and signature.
pub(crate) fn body(
    settings: &PlatformSettings,
    adapter: &Adapter,
    operation: &Operation,
    value: Map<String, Value>,
) -> Map<String, Value> {
    let mut body = around(settings, adapter, &operation.constants);
    let shape = operation.value_as.unwrap_or(adapter.envelope.value_as);
    match (&adapter.envelope.value_in, shape) {
        (Some(name), Shape::Object) => drop(body.insert(name.clone(), Value::Object(value))),
        (Some(name), Shape::List) => {
            drop(body.insert(name.clone(), Value::Array(vec![Value::Object(value)])));
        }
        (None, _) => body.extend(value),
    }
    body
}

/// The envelope's fields and an operation's constants.
pub(crate) fn around(
    settings: &PlatformSettings,
    adapter: &Adapter,
    constants: &std::collections::BTreeMap<String, String>,
) -> Map<String, Value> {
    let fields = adapter.envelope.fields.iter().chain(constants);
    fields
        .map(|(name, text)| (name.clone(), Value::String(settings.filled(text))))
        .collect()
}

/// Mandatory items that are there, and how many are mandatory.
pub(crate) fn completeness(operation: &Operation, facts: &Facts) -> (u32, u32) {
    let there = |item: &&String| match facts.get(*item) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    };
    let all = operation.mandatory.iter();
    let present = all.clone().filter(there).count();
    (
        u32::try_from(present).unwrap_or(u32::MAX),
        u32::try_from(all.count()).unwrap_or(u32::MAX),
    )
}

/// The hash of what a row says.
pub(crate) fn sha256(value: &Map<String, Value>) -> String {
    hex::encode(Sha256::digest(Value::Object(value.clone()).to_string()))
}

/// The value at `path`, names joined with dots; `Null` where there is none.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.')
        .filter(|name| !name.is_empty())
        .fold(value, |value, name| value.get(name).unwrap_or(&Value::Null))
}
