//! Eyes beside those of the lanes, made when first asked for. One picture at a time: lanes go first.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use frame::Picture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::timeout;
use vision::{Models, Recognizer};
use watch::plates_in_picture;
use words::Key;

use super::PlatesRead;
use crate::refusal::Refusal;

/// Who has not had a turn by then asks again.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pictures that are sent or wait at the same time.
const UPLOADS_AT_ONCE: usize = 4;

/// What pictures are read with.
pub(crate) struct Eyes {
    models: Option<Models>,
    recognizer: Arc<Mutex<Option<Recognizer>>>,
    turns: Arc<Semaphore>,
    uploads: Semaphore,
}

/// Leave to read one picture.
pub(crate) struct Turn {
    models: Models,
    recognizer: Arc<Mutex<Option<Recognizer>>>,
    permit: OwnedSemaphorePermit,
}

impl Eyes {
    pub(crate) fn of(models: Option<Models>) -> Self {
        Self {
            models,
            recognizer: Arc::default(),
            turns: Arc::new(Semaphore::new(1)),
            uploads: Semaphore::new(UPLOADS_AT_ONCE),
        }
    }

    /// Leave to send a picture, which is held in memory until it is read.
    ///
    /// # Errors
    /// When enough others do.
    pub(crate) fn upload(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        self.uploads.try_acquire().map_err(|_| Refusal::later())
    }

    /// Waits until a picture may be read.
    ///
    /// # Errors
    /// When that takes too long, or there is nothing to read with.
    pub(crate) async fn turn(&self) -> Result<Turn, Refusal> {
        let models = self.models.clone();
        let models = models.ok_or_else(|| Refusal::conflict(Key::WebNoModels))?;
        let turn = Arc::clone(&self.turns).acquire_owned();
        match timeout(PATIENCE, turn).await {
            Ok(Ok(permit)) => Ok(Turn {
                models,
                recognizer: Arc::clone(&self.recognizer),
                permit,
            }),
            _ => Err(Refusal::later()),
        }
    }
}

impl Turn {
    /// Reads a picture, on a thread that may take its time.
    ///
    /// # Errors
    /// When there is no picture, or it can't be looked at.
    pub(crate) async fn read(
        self,
        picture: impl FnOnce() -> Result<Picture, Refusal> + Send + 'static,
    ) -> Result<PlatesRead, Refusal> {
        let (models, kept, permit) = (self.models, self.recognizer, self.permit);
        let work = move || {
            // Held to the end, also when whoever asked has gone meanwhile.
            let _permit = permit;
            let picture = picture()?;
            let failed = |error: vision::Error| Refusal::failed(&error);
            // What a panic left behind is not looked with again.
            let taken = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
            let mut recognizer = match taken {
                Some(recognizer) => recognizer,
                None => models.recognizer().map_err(failed)?,
            };
            let found = plates_in_picture(&mut recognizer, &picture).map_err(failed)?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(recognizer);
            Ok(PlatesRead {
                width: picture.width(),
                height: picture.height(),
                plates: found.into_iter().map(super::PlateSeen::from).collect(),
            })
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| Refusal::failed(&error))?
    }
}
