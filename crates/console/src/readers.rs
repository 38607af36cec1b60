//! Readers of the ledger for pages, a few at a time, beside those that uploads and lanes use.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ledger::Reader;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::refusal::Refusal;

/// Questions at the same time: two processors are shared with the lanes.
const AT_ONCE: usize = 3;
/// Who has waited for so long for a turn may ask again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Readers that are kept open between questions.
pub(crate) struct Readers {
    folder: PathBuf,
    turns: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Reader>>>,
}

impl Readers {
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self {
            folder,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            idle: Arc::default(),
        }
    }

    /// Does this with a reader, on a thread that may wait.
    pub(crate) async fn read<T, E>(
        &self,
        look: impl FnOnce(&Reader) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: Into<Refusal> + 'static,
    {
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Refusal::later());
        };
        let (folder, idle) = (self.folder.clone(), Arc::clone(&self.idle));
        let work = move || {
            // Held by the thread: a page that is closed meanwhile lets nobody else in too early.
            let _turn = turn;
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let reader = match kept {
                Some(reader) => reader,
                None => Reader::open(&folder)?,
            };
            let found = look(&reader).map_err(Into::into);
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(reader);
            found
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| Refusal::failed(&error))?
    }
}
