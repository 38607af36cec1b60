//! The ledger of a configuration, for whoever may write to it.

use ledger::{Options, Sink, Takes, Writer};

use crate::config::Config;

/// How this site's ledger is opened, with everybody who gets rows from it.
pub(crate) fn options(config: &Config) -> Options {
    let wait = config.upload_unfinished_after;
    let platforms = config.platforms.iter().map(|platform| Sink {
        name: platform.settings.name.clone(),
        wait,
        takes: platform.settings.takes(&platform.adapter),
    });
    // Whoever subscribes wants to know what was corrected; registers hold names and phone numbers
    // that are nobody's business there.
    let broker = config.mqtt.iter().map(|mqtt| Sink {
        name: mqtt.name.clone(),
        wait,
        takes: Takes {
            corrections: true,
            ..Takes::default()
        },
    });
    let sinks = platforms.chain(broker).collect();
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
