//! What goes on beside the lanes each day: anchors, backups, retention; and people's commands.

use std::sync::Arc;

use housekeeping::StopBackup;
use tokio::task::JoinHandle;

use super::daemon::Parts;
use service::{Service, Stopping};

/// Takes commands from people on this computer, unless no socket can be made for them.
pub(crate) fn start_commands(parts: &Parts) -> Option<JoinHandle<()>> {
    let site = parts.site();
    let (ledger, font) = (parts.ledger.clone(), Arc::clone(&parts.font));
    orders::serve(site, ledger, font)
}

/// Anchors the chain of each day.
pub(crate) fn start_anchors(parts: &Parts) -> JoinHandle<()> {
    let (zone, file) = (&parts.config.site.zone, &parts.config.anchors_file);
    let anchors = housekeeping::anchor_daily(parts.ledger.clone(), zone.clone(), file.clone());
    tokio::spawn(anchors)
}

/// Does a round of retention each hour.
pub(crate) fn start_retention(parts: &Parts) -> JoinHandle<()> {
    let (config, told) = (&parts.config, Arc::clone(&parts.status));
    let status = Arc::clone(&parts.status);
    tokio::spawn(housekeeping::retain_hourly(
        config.data_folder.clone(),
        config.retention,
        config.site.zone.clone(),
        parts.ledger.clone(),
        move || status.clock_trusted(),
        move |state| told.set_disk(state),
    ))
}

/// The daily backup.
pub(crate) struct Backups {
    task: JoinHandle<()>,
    running: StopBackup,
}

impl Backups {
    /// Makes backups, if the site plans any.
    pub(crate) fn start(parts: &Parts) -> Option<Self> {
        let config = &parts.config;
        let plan = config.backup.clone()?;
        let (running, status) = (StopBackup::default(), Arc::clone(&parts.status));
        let task = tokio::spawn(housekeeping::back_up_daily(
            config.data_folder.clone(),
            plan,
            (config.site.zone.clone(), config.language),
            running.clone(),
            move |state| status.set_backup(state),
        ));
        Some(Self { task, running })
    }
}

impl Service for Backups {
    /// A backup that is under way is left unfinished.
    fn stop(self: Box<Self>) -> Stopping {
        self.running.now();
        Box::new(self.task).stop()
    }
}
