//! The ledger of a configuration, for whoever may write to it.

use ledger::{Options, Sink, Takes, Writer};

use crate::config::Config;

/// How this site's ledger is opened, with everybody who gets rows from it.
pub(crate) fn options(config: &Config) -> Options {
    let wait = config.upload_unfinished_after;
    let names = config.regulators.iter().map(|r| r.name.clone());
    let sinks = names
        .chain(config.mqtt.iter().map(|m| m.name.clone()))
        .map(|name| Sink {
            name,
            wait,
            takes: Takes::default(),
        })
        .collect();
    Options {
        sinks,
        zone: config.site.zone.clone(),
        ..Options::default()
    }
}

/// Opens it for writing; the folder is there.
pub(crate) fn open(config: &Config) -> ledger::Result<Writer> {
    Writer::open(&config.data_folder, options(config))
}
