//! The ledger of a configuration, for whoever may write to it.

use ledger::{Options, Sink, Takes, Writer};

use crate::config::Config;

/// How this site's ledger is opened, with everybody who gets rows from it.
pub(crate) fn options(config: &Config) -> Options {
    let wait = config.upload_unfinished_after;
    let sink = |name: &String, takes| Sink {
        name: name.clone(),
        wait,
        takes,
    };
    // Whoever subscribes wants to know what was corrected; registers hold names and phone numbers
    // that are nobody's business there.
    let published = Takes {
        corrections: true,
        ..Takes::default()
    };
    let regulators = config.regulators.iter().map(|r| &r.name);
    let sinks = regulators
        .map(|name| sink(name, Takes::default()))
        .chain(config.mqtt.iter().map(|m| sink(&m.name, published.clone())))
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
