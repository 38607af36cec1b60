//! What a display is to show, newest first; nobody waits for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::section::Template;
use super::{Display, Notice, ShownLine};
use crate::Took;

/// A driver that does not give up by itself is given up.
const LIMIT: Duration = Duration::from_secs(3);
/// Before a display that did not show what it was told is told again.
const AGAIN: Duration = Duration::from_secs(5);
/// How often the clock of an idle display is looked at.
const CLOCK: Duration = Duration::from_secs(5);

/// How a display stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DisplayView {
    /// Whether it showed what it was last told; unknown before that.
    pub works: Option<bool>,
    /// Why not, for the log.
    pub detail: String,
    /// Decisions that it showed.
    pub shown: u64,
    /// Tries that failed.
    pub failed: u64,
}

type Told = Option<(Arc<Notice>, Instant)>;

/// Takes what is to be shown on one display. Never blocks; what is newer takes the place of what waits.
pub struct DisplayQueue {
    told: watch::Sender<Told>,
    view: watch::Receiver<DisplayView>,
    worker: JoinHandle<()>,
}

impl DisplayQueue {
    /// Opens one within a Tokio runtime. `took` is told how long each decision took to be shown.
    pub(super) fn open(
        display: Arc<dyn Display>,
        template: Template,
        zone: TimeZone,
        took: Took,
    ) -> Self {
        let (told, news) = watch::channel(None);
        let (tell, view) = watch::channel(DisplayView::default());
        let worker = Worker {
            display,
            template,
            zone,
            tell,
            took,
        };
        Self {
            told,
            view,
            worker: tokio::spawn(worker.run(news)),
        }
    }

    /// Shows this of a decision that fell at `decided`.
    pub fn show(&self, notice: Arc<Notice>, decided: Instant) {
        self.told.send_replace(Some((notice, decided)));
    }

    /// How the display stands, now and at each change.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<DisplayView> {
        self.view.clone()
    }
}

impl Drop for DisplayQueue {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

impl std::fmt::Debug for DisplayQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DisplayQueue({:?})", *self.view.borrow())
    }
}

struct Worker {
    display: Arc<dyn Display>,
    template: Template,
    zone: TimeZone,
    tell: watch::Sender<DisplayView>,
    took: Took,
}

impl Worker {
    async fn run(self, mut news: watch::Receiver<Told>) {
        // What stands there now is not known: it is told at once what to show.
        let mut shown: Option<Vec<ShownLine>> = None;
        loop {
            let told = news.borrow_and_update().clone();
            let kept = self.template.keep;
            let fresh = told.filter(|(_, decided)| decided.elapsed() < kept);
            let lines = match &fresh {
                Some((notice, _)) => self.template.lines(notice),
                None => self.idle(),
            };
            let mut again = fresh
                .as_ref()
                .map_or(CLOCK, |(_, decided)| kept.saturating_sub(decided.elapsed()));
            if shown.as_ref() != Some(&lines) {
                if self.show(&lines).await {
                    if let Some((_, decided)) = &fresh {
                        (self.took)(decided.elapsed());
                        self.tell.send_modify(|view| view.shown += 1);
                    }
                    shown = Some(lines);
                } else {
                    shown = None;
                    again = again.min(AGAIN);
                }
            }
            match timeout(again, news.changed()).await {
                // The same words for the next vehicle are news, and are counted.
                Ok(Ok(())) => shown = None,
                Ok(Err(_)) => return,
                Err(_) => {}
            }
        }
    }

    async fn show(&self, lines: &[ShownLine]) -> bool {
        let showing = timeout(LIMIT, self.display.show(lines)).await;
        let problem = match showing {
            Ok(Ok(())) => String::new(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the driver did not end in time".to_owned(),
        };
        let works = problem.is_empty();
        if self.tell.borrow().works != Some(works) {
            match works {
                true => tracing::info!("the display shows what it is told"),
                false => tracing::error!(problem, "the display does not show what it is told"),
            }
        }
        self.tell.send_modify(|view| {
            view.works = Some(works);
            view.detail = problem;
            view.failed += u64::from(!works);
        });
        works
    }

    fn idle(&self) -> Vec<ShownLine> {
        let now = Timestamp::now().to_zoned(self.zone.clone());
        self.template.idle(&now.strftime("%H:%M").to_string())
    }
}
