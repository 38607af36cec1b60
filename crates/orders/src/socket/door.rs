//! Where connections wait until they have said what they want: a few, and when there is no more room
//! the one that has waited longest goes. It knows no command.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

pub(super) struct Door {
    room: usize,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    next: u64,
    waiting: VecDeque<(u64, AbortHandle)>,
}

/// A place at the door. Whoever drops it is served, and is sent away by nobody.
pub(super) struct Waiting {
    number: u64,
    inside: Arc<Mutex<Inside>>,
}

fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    // Nothing here can be left half done by a panic.
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Door {
    pub(super) fn new(room: usize) -> Self {
        Self {
            room,
            inside: Arc::default(),
        }
    }

    /// Begins to attend to one that comes.
    pub(super) fn enter<F>(&self, attend: impl FnOnce(Waiting) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // Held until it is in the queue: it may be done before that.
        let mut inside = lock(&self.inside);
        if inside.waiting.len() >= self.room
            && let Some((_, longest)) = inside.waiting.pop_front()
        {
            longest.abort();
        }
        let number = inside.next;
        inside.next += 1;
        let waiting = Waiting {
            number,
            inside: Arc::clone(&self.inside),
        };
        let task = tokio::spawn(attend(waiting)).abort_handle();
        inside.waiting.push_back((number, task));
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut inside = lock(&self.inside);
        inside.waiting.retain(|(number, _)| *number != self.number);
    }
}
