//! A gate without cameras: the ledger's writer on its thread, and the worker that uploads.

use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use ledger::{Handle, Options, OutboxSink, SinkCounters, Takes, Writer};
use sync::{Adapter, Pace, Platform, PlatformSettings, Secret, WorkerHandle};

use crate::Fault;

/// The platform's name in the ledger.
pub(crate) const SINK: &str = "platform:soak";

/// The adapter file that is shipped, as it was when this was built: a long trial has one.
const ADAPTER: &str = include_str!("../../../config/regulators/yunnan.toml");

pub(crate) fn options() -> Options {
    let takes = Takes {
        corrections: true,
        ..Takes::default()
    };
    Options {
        sinks: vec![OutboxSink {
            name: SINK.to_owned(),
            wait: Duration::ZERO,
            takes,
        }],
        ..Options::default()
    }
}

/// A gate at work.
pub(crate) struct Gate {
    pub(crate) ledger: Handle,
    pub(crate) worker: WorkerHandle,
    thread: JoinHandle<()>,
}

impl Gate {
    /// Opens the ledger in `folder` and uploads to the platform at `base_url`.
    pub(crate) fn open(folder: &Path, base_url: &str, pace: Pace) -> Result<Self, Fault> {
        let writer = Writer::open(folder, options())?;
        let (ledger, thread) = Handle::start(writer)?;
        let paths = [("passage", "passage"), ("passage_end", "passageEnd")];
        let settings = PlatformSettings {
            name: SINK.to_owned(),
            base_url: base_url.to_owned(),
            user: "menjin".to_owned(),
            secret: Secret::new("menjin-trial"),
            paths: paths.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            pace: pace.clone(),
            ..PlatformSettings::default()
        };
        let said = |problems: Vec<sync::BadSetting>| {
            let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
            lines.join("; ")
        };
        let adapter = Adapter::from_table(ADAPTER.parse::<toml::Table>()?).map_err(said)?;
        let sink = Platform::new(settings, adapter, ledger.clone()).map_err(said)?;
        let worker = sync::spawn(sink, ledger.clone(), pace);
        Ok(Self {
            ledger,
            worker,
            thread,
        })
    }

    pub(crate) async fn counters(&self) -> Result<SinkCounters, Fault> {
        Ok(self.ledger.read(|reader| reader.counters(SINK)).await?)
    }

    /// Ends as the service does, with everything committed.
    pub(crate) async fn close(self) -> Result<(), Fault> {
        self.worker.stop().await;
        drop(self.ledger);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await?;
        joined.map_err(|_| "the ledger's thread has died".into())
    }
}
