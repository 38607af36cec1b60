//! A contact that closes for a moment: how relays raise a barrier.
//!
//! A contact that was closed must open again, whatever happens: one that stays closed holds the arm up and
//! swallows the next order. So from the moment in which it *may* be closed its opening is owed, and tried
//! until it is done.
//!
//! # When an order is said again
//!
//! | what is known | a contact that we open again | one that opens by itself |
//! |---|---|---|
//! | nothing was sent, or the device says that it is busy | again | again |
//! | sent, no answer or an odd one | again: closing what is closed moves nothing | only if `repeatable` |
//! | the device says that it cannot | no | no |

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::{Actuation, Alarm, AlarmKind};

/// Between two tries of an order.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two tries to open the contact again.
const RELEASE_PAUSE: Duration = Duration::from_millis(500);
/// A contact is open for at least so long before it closes anew, or the barrier sees no second closing.
const GAP: Duration = Duration::from_millis(150);
/// How long opening the contact may take at the end.
const LAST: Duration = Duration::from_secs(2);

/// What a try to switch ends as.
pub(super) type Switching<'a> =
    Pin<Box<dyn Future<Output = Result<(), SwitchFailure>> + Send + 'a>>;

/// Something that closes and opens one contact. What it does ends soon, and it may be dropped half-way.
pub(super) trait Switch: Send + Sync + 'static {
    fn set(&self, closed: bool) -> Switching<'_>;
}

/// Why a contact was not switched.
#[derive(Debug)]
pub(super) struct SwitchFailure {
    pub(super) kind: AlarmKind,
    pub(super) detail: String,
    pub(super) done: Done,
}

/// What is known of an order that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// It was surely not carried out, and may go better the next time.
    NotYet,
    /// It was surely not carried out, and never will be.
    Never,
    /// It may have been carried out.
    Perhaps,
}

/// What all tries of an order came to.
struct Failed {
    alarm: Alarm,
    /// One of them may have been carried out.
    perhaps: bool,
}

/// How the contact is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pulse {
    /// For how long it stays closed; the device ends it by itself when there is no length.
    pub(super) length: Option<Duration>,
    /// A contact that opens by itself may be closed twice without harm.
    pub(super) repeatable: bool,
    /// Longest time for all tries together.
    pub(super) total: Duration,
}

/// What is known of the contact.
#[derive(Debug, Default)]
struct State {
    /// It may be closed.
    owed: bool,
    /// Counts orders: who opens the contact of an earlier one leaves it to that of the later.
    order: u64,
}

/// One contact. Cloning shares it.
pub(super) struct Contact<S> {
    switch: Arc<S>,
    pulse: Pulse,
    state: Arc<Mutex<State>>,
}

impl<S> Clone for Contact<S> {
    fn clone(&self) -> Self {
        Self {
            switch: Arc::clone(&self.switch),
            pulse: self.pulse,
            state: Arc::clone(&self.state),
        }
    }
}

impl<S: Switch> Contact<S> {
    /// Sends nothing. A daemon that was killed may have left the contact closed, so its opening is owed
    /// from the start.
    pub(super) fn new(switch: S, pulse: Pulse) -> Self {
        let state = State {
            owed: pulse.length.is_some(),
            ..State::default()
        };
        Self {
            switch: Arc::new(switch),
            pulse,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Closes it once, for the length of its pulse.
    pub(super) async fn close_once(&self) -> Result<Actuation, Alarm> {
        let deadline = Instant::now() + self.pulse.total;
        let mut state = self.turn(deadline).await?;
        let closed = self.close(&mut state, deadline).await;
        drop(state);
        self.open_later(self.pulse.length.unwrap_or_default()).await;
        closed
    }

    /// Opens what may still be closed, in a task of its own, after a time and as often as it takes.
    pub(super) async fn open_later(&self, after: Duration) {
        let order = {
            let state = self.state.lock().await;
            if !state.owed {
                return;
            }
            state.order
        };
        let contact = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            let mut told = false;
            while let Err(failure) = contact.open_of(order).await {
                if !std::mem::replace(&mut told, true) {
                    let SwitchFailure { kind, detail, .. } = failure;
                    tracing::error!(
                        ?kind,
                        detail,
                        "the relay's contact cannot be opened again: the arm may stay up, and the next order may move nothing"
                    );
                }
                tokio::time::sleep(RELEASE_PAUSE).await;
            }
            if told {
                tracing::info!("the relay's contact is open again");
            }
        });
    }

    /// Opens what may still be closed, before the end.
    pub(super) async fn settle(&self) {
        let deadline = Instant::now() + LAST;
        let mut state = self.state.lock().await;
        while state.owed && Instant::now() < deadline {
            if let Ok(Ok(())) = timeout_at(deadline, self.switch.set(false)).await {
                state.owed = false;
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        if state.owed {
            tracing::error!(
                "the relay's contact could not be opened before the end: the arm may stay up"
            );
        }
    }

    /// The contact's turn, for one order at a time.
    async fn turn(&self, deadline: Instant) -> Result<tokio::sync::MutexGuard<'_, State>, Alarm> {
        let state = timeout_at(deadline, self.state.lock()).await;
        let mut state = state.map_err(|_| {
            let detail = "the relay still works on the order before";
            Alarm::new(AlarmKind::Busy, detail, 0)
        })?;
        state.order += 1;
        Ok(state)
    }

    async fn close(&self, state: &mut State, deadline: Instant) -> Result<Actuation, Alarm> {
        if state.owed && self.pulse.length.is_some() {
            // The barrier obeys a contact that closes: one that is closed must open first.
            let opened = self.until(deadline, false).await;
            opened.map_err(|failed| failed.alarm)?;
            state.owed = false;
            tokio::time::sleep(GAP).await;
        }
        state.owed = self.pulse.length.is_some();
        match self.until(deadline, true).await {
            Ok(()) => Ok(Actuation::Raised),
            Err(failed) => {
                state.owed &= failed.perhaps;
                Err(failed.alarm)
            }
        }
    }

    /// Switches, again and again where the table allows it.
    async fn until(&self, deadline: Instant, closed: bool) -> Result<(), Failed> {
        let level = self.pulse.length.is_some() || !closed;
        let (mut tries, mut perhaps) = (0, None);
        loop {
            tries += 1;
            let tried = timeout_at(deadline, self.switch.set(closed)).await;
            let failure = match tried {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(failure)) => failure,
                Err(_) => SwitchFailure {
                    kind: AlarmKind::TimedOut,
                    detail: "no answer within total".to_owned(),
                    done: Done::Perhaps,
                },
            };
            let again = match failure.done {
                Done::NotYet => true,
                Done::Never => false,
                Done::Perhaps => level || self.pulse.repeatable,
            };
            if failure.done == Done::Perhaps {
                perhaps = Some(failure.kind);
            }
            if !again || Instant::now() + PAUSE >= deadline {
                // What may have been done in an earlier try is not undone by a later one that failed.
                let kind = perhaps.unwrap_or(failure.kind);
                return Err(Failed {
                    alarm: Alarm::new(kind, failure.detail, tries),
                    perhaps: perhaps.is_some(),
                });
            }
            tracing::warn!(
                problem = failure.detail,
                tries,
                "the barrier's relay failed, trying again"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn open_of(&self, order: u64) -> Result<(), SwitchFailure> {
        let mut state = self.state.lock().await;
        if !state.owed || state.order != order {
            return Ok(());
        }
        self.switch.set(false).await?;
        state.owed = false;
        Ok(())
    }
}
