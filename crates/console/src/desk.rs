//! What every page is made with, and putting the console together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::rules::GateRules;
use gate::Notice;
use jiff::Timestamp;
use ledger::{Handle, Reader};
use listener::Listener;
use orders::{Done, Order, perform};
use photo::Font;
use status::Status;
use tokio::sync::{Semaphore, broadcast};
use vision::Models;
use words::{Key, Said};

use crate::book::Book;
use crate::cameras::{Field, Fieldwork};
use crate::events::Events;
use crate::lanes::Pictures;
use crate::people::{Passwords, Role};
use crate::plates::Eyes;
use crate::readers::Readers;
use crate::refusal::Refusal;
use crate::routes;
use crate::screens::Screens;
use crate::section::ConsoleSettings;
use crate::session::{OneTimeCode, Throttle};
use crate::video::Videos;

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
    /// Who may pass.
    pub rules: GateRules,
    /// Decisions in words, for screens at the gate.
    pub notices: broadcast::Receiver<Arc<Notice>>,
    /// What pictures that somebody sends are read with; without them none are.
    pub models: Option<Models>,
    /// What an installer does; without it cameras are not seen to from the page.
    pub fieldwork: Option<Arc<dyn Fieldwork>>,
}

/// A console that is ready to be served.
pub struct Opened {
    desk: Desk,
    notices: broadcast::Receiver<Arc<Notice>>,
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
    pub(crate) rules: GateRules,
    pub(crate) readers: Readers,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) code: OneTimeCode,
    pub(crate) events: Events,
    pub(crate) pictures: Pictures,
    pub(crate) screens: Screens,
    pub(crate) videos: Videos,
    pub(crate) field: Field,
    pub(crate) eyes: Eyes,
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
        rules: parts.rules,
        passwords,
        throttle: Throttle::default(),
        code,
        events: Events::default(),
        pictures: Pictures::default(),
        screens: Screens::default(),
        videos: Videos::default(),
        field: Field::of(parts.fieldwork),
        eyes: Eyes::of(parts.models),
        orders: Arc::new(Semaphore::new(ORDERS_AT_ONCE)),
        exports: Arc::new(Semaphore::new(1)),
        book: Arc::new(book),
    }));
    Ok(Opened {
        desk,
        notices: parts.notices,
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
        let screens = crate::screens::follow(self.desk.clone(), self.notices);
        tokio::join!(listener.serve(routes::pages(self.desk)), follow, screens);
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

    /// A time as a person writes it, by the site's clock; `field` holds it.
    pub(crate) fn moment(&self, text: &str, field: &'static str) -> Result<Timestamp, Refusal> {
        let read = records::said_moment(text, &self.site.zone, Timestamp::now());
        read.map_err(|error| Refusal::invalid(error.said()).of(field))
    }

    /// Has an order done, durable on return, as the daemon does it for commands.
    pub(crate) async fn order(&self, order: Order) -> Result<Done, Refusal> {
        let turn = Arc::clone(&self.orders).acquire_owned().await;
        let (site, ledger, font) = (
            Arc::clone(&self.site),
            self.ledger.clone(),
            Arc::clone(&self.font),
        );
        let work = move |reader: &Reader| {
            // Held to the end, also when the page is closed meanwhile.
            let _turn = turn;
            let font = || Ok(Arc::clone(&font));
            perform(order, &site, reader, &mut &ledger, &font)
        };
        self.readers.read(work).await
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
