//! Every request of an adapter, without anybody to send it to.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::request::{Asked, Request};
use super::{PlatformSettings, form};
use crate::Adapter;
use crate::adapter::Operation;

pub(crate) fn requests(
    settings: &PlatformSettings,
    adapter: &Adapter,
    facts: &Map<String, Value>,
) -> Vec<Result<Vec<u8>, String>> {
    let asks = adapter.downlink.all().map(|(_, list)| &list.ask);
    let named = adapter.operations();
    let operations = named.iter().map(|(_, operation)| *operation).chain(asks);
    let mut requests: Vec<_> = operations
        .map(|operation| request(settings, adapter, operation, facts))
        .collect();
    if let Some(login) = &adapter.login {
        requests.push(bytes(Request::login(settings, adapter, login)));
    }
    requests
}

fn request(
    settings: &PlatformSettings,
    adapter: &Adapter,
    operation: &Operation,
    facts: &Map<String, Value>,
) -> Result<Vec<u8>, String> {
    let value = form::value(adapter, operation, &TimeZone::UTC, facts).map_err(|unfit| unfit.0)?;
    let asked = Asked {
        path: operation.path.clone().unwrap_or_default(),
        operation,
        value,
        files: Vec::new(),
        answer_bytes: 0,
    };
    bytes(Request::new(settings, adapter, &asked, Some("token")))
}

fn bytes(request: Result<Request, crate::Failure>) -> Result<Vec<u8>, String> {
    let request = request.map_err(|failure| failure.to_string())?;
    let body = request.body.map(|(_, bytes)| bytes);
    Ok(body.unwrap_or_else(|| request.url.to_string().into_bytes()))
}
