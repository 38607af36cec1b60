//! The list of services that make up the daemon, from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use ledger::{Handle, Writer};
use photo::Font;
use rules::GateRules;
use status::{Status, Viewer};
use tokio::sync::broadcast;
use vision::Models;
use words::{Key, Said};

use super::listeners::{self, Listeners};
use super::sinks::{self, Sinks};
use super::{alarms, clips, console, daily, lanes, reports, scales, seen, signs, terminal, video};
use crate::cli::RunArgs;
use crate::exit::{Failure, Outcome};
use crate::{models, policies, shell, store};
use config::Config;
use fieldwork::FieldDesk;
use service::{Restart, Services};

/// How long after the last service the ledger may still work.
const LEDGER_PATIENCE: Duration = Duration::from_secs(5);

/// Decisions that may wait for whoever publishes them.
const DECISIONS: usize = 64;

/// Changes of inputs that may wait for whoever follows them.
const INPUTS: usize = 256;

/// What services are made of.
pub(crate) struct Parts {
    pub(crate) config: Arc<Config>,
    /// What an installer does from the page; begins the daemon anew.
    pub(crate) field: Arc<FieldDesk>,
    pub(crate) models: Models,
    pub(crate) font: Arc<Font>,
    pub(crate) ledger: Handle,
    pub(crate) status: Arc<Status>,
    /// Who may pass.
    pub(crate) rules: GateRules,
    /// The arms that persons may raise through the program.
    pub(crate) arms: gate::Arms,
    /// Tells decisions as they fall.
    pub(crate) decisions: broadcast::Sender<Arc<sync::JustDecided>>,
    /// Tells inputs beside barriers as they change.
    pub(crate) inputs: broadcast::Sender<gate::InputEvent>,
    /// Tells decisions in words, for whoever shows them.
    pub(crate) notices: broadcast::Sender<Arc<gate::Notice>>,
}

impl Parts {
    /// What orders need to know of the site, with its arms.
    pub(crate) fn site(&self) -> Arc<orders::Site> {
        Arc::new(orders::Site {
            arms: Some(self.arms.clone()),
            ..store::site(&self.config)
        })
    }
}

/// The list: started in this order, stopped in reverse. A service is a file of its own and a line
/// here.
async fn start(parts: &mut Parts, listeners: Listeners, services: &mut Services) -> Outcome {
    services.add("clock", seen::start_clock(parts));
    services.add("sinks", Sinks::start(parts)?);
    services.add_if_any("live states", sinks::start_live(parts));
    services.add("upload watch", seen::start_upload_watch(parts));
    services.add("status pages", seen::start_pages(parts, listeners.status));
    clips::follow(parts).await?;
    let mut lanes = lanes::start(parts).await?;
    let recorded = lanes.take_recorded();
    services.add("lanes", lanes);
    let video = video::start(parts, recorded);
    let cutting = clips::start(parts, video.as_ref().map(video::Video::state));
    services.add_if_any("video", video);
    services.add_if_any("clips", cutting);
    services.add("holds", lanes::start_holds(parts));
    services.add("signs", signs::start(parts)?);
    services.add_if_any(
        "weighings",
        seen::start_weighings(parts, listeners.weighings),
    );
    services.add("scales", scales::start(parts));
    services.add("alarms", alarms::start(parts));
    services.add("receivers", alarms::start_receivers(parts)?);
    services.add_if_any("commands", daily::start_commands(parts));
    services.add_if_any("console", console::start(parts, listeners.console));
    services.add("anchors", daily::start_anchors(parts));
    services.add_if_any("reports", reports::start(parts));
    services.add_if_any("backups", daily::Backups::start(parts));
    services.add("retention", daily::start_retention(parts));
    Ok(())
}

/// Runs until it is told to stop.
pub(crate) async fn run(config: Config, args: &RunArgs, restart: &Restart) -> Outcome {
    let listeners = listeners::bind(&config).await?;
    let models = models::open_at(&config.models_folder, config.onnxruntime.as_deref())?;
    let font = Font::open(config.photos.font.as_deref()).map_err(|e| Failure::Job(e.said()))?;
    let writer = open_ledger(&config)?;
    let (ledger, ledger_thread) = Handle::start(writer)?;
    let rules = policies::follow(&config, &ledger).await?;
    let config = Arc::new(config);
    let field = FieldDesk::of(&config, &args.config.config, &models, restart);
    let mut parts = Parts {
        config,
        field: Arc::new(field),
        models,
        font: Arc::new(font),
        ledger,
        status: Arc::default(),
        rules,
        arms: gate::Arms::default(),
        decisions: broadcast::Sender::new(DECISIONS),
        inputs: broadcast::Sender::new(INPUTS),
        notices: broadcast::Sender::new(DECISIONS),
    };
    parts.status.set_build(shell::BUILD);
    if parts.config.lanes.is_empty() {
        parts.status.set_laneless();
    }
    let mut services = Services::default();
    let viewer = terminal::view(&parts, args).await;
    let outcome = match start(&mut parts, listeners, &mut services).await {
        Ok(()) => work(&parts, &services, args, viewer).await,
        Err(failure) => Err(failure),
    };
    // Who goes on as the same process is not stopping: the service manager would hold it to that.
    if !restart.is_asked() {
        service::manager::stopping();
    }
    services.stop().await;
    // The ledger's thread ends with the last handle.
    drop(parts);
    let ended = tokio::task::spawn_blocking(move || ledger_thread.join());
    match tokio::time::timeout(LEDGER_PATIENCE, ended).await {
        Ok(_) => tracing::info!("stopped; everything committed"),
        Err(_) => tracing::warn!("stopped; the ledger's thread is still held"),
    }
    outcome
}

/// Until somebody says stop, or a part has died that must not.
async fn work(parts: &Parts, services: &Services, args: &RunArgs, viewer: Viewer) -> Outcome {
    service::manager::ready();
    tracing::info!(lanes = parts.config.lanes.len(), "ready");
    tokio::select! {
        because = terminal::until_stopped(parts, args, viewer) => {
            tracing::info!(because = because.as_ref().ok(), "stopping");
            because.map(|_| ())
        }
        thread = service::dead_part(services) => {
            tracing::error!(thread, "a lane has died; stopping so as to be restarted");
            Err(Failure::Job(Said::with(Key::StartLaneDied, "name", thread)))
        }
    }
}

fn open_ledger(config: &Config) -> Result<Writer, Failure> {
    std::fs::create_dir_all(&config.data_folder).map_err(|e| {
        let said = Said::with(Key::StartDataFolder, "path", config.data_folder.display());
        Failure::Job(said.and_said("why", Said::of_io(&e)))
    })?;
    Ok(store::open(config)?)
}
