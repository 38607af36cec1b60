//! What every page is made with, and putting the console together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ledger::Handle;
use listener::Listener;
use photo::Font;
use status::Status;
use tokio::sync::Semaphore;
use words::{Key, Said};

use crate::book::Book;
use crate::events::Events;
use crate::lanes::Pictures;
use crate::people::{Passwords, Role};
use crate::readers::Readers;
use crate::refusal::Refusal;
use crate::routes;
use crate::section::ConsoleSettings;
use crate::session::{OneTimeCode, Throttle};

/// Changes that are made at the same time; each may render two photos.
const ORDERS_AT_ONCE: usize = 2;

/// What the console is handed.
pub struct ConsoleParts {
    /// Its section.
    pub settings: ConsoleSettings,
    /// What orders need to know; its data folder holds the console's own file too.
    pub site: Arc<orders::Site>,
    /// The way to the ledger's writer.
    pub ledger: Handle,
    /// For photos that are rendered again.
    pub font: Arc<Font>,
    /// How everything is.
    pub status: Arc<Status>,
}

/// A console that is ready to be served.
pub struct Opened {
    desk: Desk,
    /// How somebody comes in while nobody has an account.
    pub code: Option<String>,
}

/// What every page is made with; clones are the same.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) settings: ConsoleSettings,
    pub(crate) site: Arc<orders::Site>,
    pub(crate) ledger: Handle,
    pub(crate) font: Arc<Font>,
    pub(crate) status: Arc<Status>,
    pub(crate) readers: Readers,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) code: OneTimeCode,
    pub(crate) events: Events,
    pub(crate) pictures: Pictures,
    pub(crate) orders: Arc<Semaphore>,
    pub(crate) exports: Arc<Semaphore>,
    book: Arc<Book>,
}

/// Opens the console's file.
///
/// # Errors
/// Why it can't be opened, for a person.
pub fn open(parts: ConsoleParts) -> Result<Opened, Said> {
    let path: PathBuf = parts.site.data_folder.join("console.sqlite3");
    let wrong = |error: &dyn std::error::Error| {
        let said = Said::with(Key::WebNotOpened, "path", path.display());
        said.and("why", words::chain(error))
    };
    let book = Book::open(&parts.site.data_folder).map_err(|error| wrong(&error))?;
    let passwords = Passwords::new().map_err(|error| wrong(&error))?;
    let code = OneTimeCode::default();
    let is_new = book.is_new().map_err(|error| wrong(&error))?;
    let printed = is_new.then(|| code.make());
    let desk = Desk(Arc::new(Parts {
        readers: Readers::of(parts.site.data_folder.clone()),
        settings: parts.settings,
        site: parts.site,
        ledger: parts.ledger,
        font: parts.font,
        status: parts.status,
        passwords,
        throttle: Throttle::default(),
        code,
        events: Events::default(),
        pictures: Pictures::default(),
        orders: Arc::new(Semaphore::new(ORDERS_AT_ONCE)),
        exports: Arc::new(Semaphore::new(1)),
        book: Arc::new(book),
    }));
    Ok(Opened {
        desk,
        code: printed,
    })
}

impl Opened {
    /// Serves it until this is dropped.
    pub async fn serve(self, listener: Listener) {
        let listener = match &self.desk.settings.certificate {
            Some(certificate) => listener.with_tls(certificate.config()),
            None => listener,
        };
        let follow = crate::events::follow(self.desk.clone());
        tokio::join!(listener.serve(routes::pages(self.desk)), follow);
    }
}

impl std::ops::Deref for Desk {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Desk {
    /// Does this with accounts and sessions, on a thread that may wait.
    pub(crate) async fn book<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Book) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let book = Arc::clone(&self.book);
        let done = tokio::task::spawn_blocking(move || work(&book)).await;
        Ok(done.map_err(|error| Refusal::failed(&error))??)
    }
}

impl ConsoleSettings {
    /// Whether what is said can't be read on the way.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.certificate.is_some()
    }

    /// How long a session of this role may rest.
    pub(crate) fn idle_of(&self, role: Role) -> Duration {
        match role {
            Role::Guard => self.guard_idle,
            _ => self.idle,
        }
    }
}
