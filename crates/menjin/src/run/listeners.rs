//! Addresses that the daemon listens on, taken before anything else is done.

use std::net::SocketAddr;

use listener::{Division, KeptBack, Listener, OpenFiles};
use words::{Key, Said};

use crate::exit::Failure;
use config::Config;

/// Where the daemon listens; whoever connects waits until it is served.
pub(crate) struct Listeners {
    pub(crate) status: Listener,
    pub(crate) weighings: Option<Listener>,
    pub(crate) console: Option<Listener>,
}

/// Takes the addresses, and divides the files that may be open between them and evidence.
pub(crate) async fn bind(config: &Config) -> Result<Listeners, Failure> {
    let keep = KeptBack {
        lanes: config.lanes.len(),
        sinks: config.platforms.len() + usize::from(config.mqtt.is_some()),
        scales: config.scales.len(),
    };
    let weighings = config.weighbridge.iter().map(|intake| intake.listen);
    let console = config.console.iter().map(|console| console.listen);
    let files = OpenFiles::raised().divide(keep, 1 + weighings.len() + console.len());
    if files.is_short() {
        tracing::error!("{files}");
    }
    let mut listeners = Listeners {
        status: listen(config.status_pages.address, "status", &files).await?,
        weighings: None,
        console: None,
    };
    for address in weighings {
        listeners.weighings = Some(listen(address, "weighbridge", &files).await?);
    }
    for address in console {
        listeners.console = Some(listen(address, "console", &files).await?);
    }
    Ok(listeners)
}

async fn listen(at: SocketAddr, section: &str, files: &Division) -> Result<Listener, Failure> {
    let bound = Listener::bind(at, files).await;
    bound.map_err(|e| {
        let said = Said::with(Key::StartListen, "address", at).and("section", section);
        Failure::Job(said.and_said("why", Said::of_io(&e)))
    })
}
