//! The console, as a service.

use std::sync::Arc;

use console::ConsoleParts;
use listener::Listener;
use tokio::task::JoinHandle;
use words::Key;

use super::daemon::Parts;
use crate::print::say;

/// Serves the console, if the site has one. A file of its own that can't be opened costs people the page,
/// and the gate nothing.
pub(crate) fn start(parts: &Parts, listener: Option<Listener>) -> Option<JoinHandle<()>> {
    let (config, listener) = (&parts.config, listener?);
    let settings = config.console.clone()?;
    let scheme = if settings.is_encrypted() {
        "https"
    } else {
        "http"
    };
    let address = format!("{scheme}://{}/", listener.address());
    let own = ConsoleParts {
        settings,
        site: parts.site(),
        ledger: parts.ledger.clone(),
        font: Arc::clone(&parts.font),
        status: Arc::clone(&parts.status),
        rules: parts.rules.clone(),
        notices: parts.notices.subscribe(),
        models: Some(parts.models.clone()),
        fieldwork: Some(Arc::clone(&parts.field) as _),
    };
    let opened = console::open(own)
        .inspect_err(|said| tracing::error!("{said}"))
        .ok()?;
    tracing::info!(address, code = opened.code, "console");
    if let Some(code) = &opened.code {
        let fill = |key, name, value: &String| config.language.fill(key, &[(name, value)]);
        // Who has gone away does not read it.
        let _ = say(&fill(Key::WebAddress, "address", &address));
        let _ = say(&fill(Key::WebCode, "code", code));
    }
    Some(tokio::spawn(opened.serve(listener)))
}
