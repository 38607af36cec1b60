//! The ledger of a configuration, for whoever may write to it.

use ledger::{Options, OutboxSink, Takes, Writer};
use orders::{Done, Order};

use crate::exit::Failure;
use config::Config;

/// How this site's ledger is opened, with everybody who gets rows from it.
pub(crate) fn options(config: &Config) -> Options {
    let wait = config.upload_unfinished_after;
    let platforms = config.platforms.iter().map(|platform| OutboxSink {
        name: platform.settings.name.clone(),
        wait,
        takes: platform.settings.takes(&platform.adapter),
    });
    // Whoever subscribes wants to know what was corrected; registers hold names and phone numbers
    // that are nobody's business there.
    let broker = config.mqtt.iter().map(|mqtt| OutboxSink {
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

/// The sinks that passages are queued for.
pub(crate) fn sinks_of_passages(config: &Config) -> Vec<String> {
    let sinks = options(config).sinks.into_iter();
    let takers = sinks.filter(|sink| sink.takes.passages);
    takers.map(|sink| sink.name).collect()
}

/// Opens it for writing; the folder is there.
pub(crate) fn open(config: &Config) -> ledger::Result<Writer> {
    Writer::open(&config.data_folder, options(config))
}

/// What orders need to know of the site.
pub(crate) fn site(config: &Config) -> orders::Site {
    orders::Site {
        name: config.site.name.clone(),
        language: config.language,
        zone: config.site.zone.clone(),
        lanes: config.places(),
        data_folder: config.data_folder.clone(),
        jpeg_quality: config.photos.jpeg_quality,
        max_kilobytes: config.photos.max_kilobytes,
        font: config.photos.font.clone(),
        retention: config.retention,
        arms: None,
        registers: config.registers.clone(),
    }
}

/// Has an order done by whoever may write, durable on return.
pub(crate) fn submit(config: &Config, order: Order) -> Result<Done, Failure> {
    Ok(ordered(config, order)?)
}

/// The same, with what the order says when it was not done.
pub(crate) fn ordered(config: &Config, order: Order) -> Result<Done, orders::Error> {
    orders::submit(&site(config), options(config), order)
}
