//! Access tokens with a life.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The tokens given out and when each ends.
#[derive(Debug)]
pub(crate) struct Tokens {
    life: Duration,
    ends: Mutex<HashMap<String, Instant>>,
}

impl Tokens {
    pub(crate) fn new(life: Duration) -> Self {
        Self {
            life,
            ends: Mutex::default(),
        }
    }

    pub(crate) fn life(&self) -> Duration {
        self.life
    }

    /// A new token, good from now on.
    pub(crate) fn issue(&self) -> String {
        let now = Instant::now();
        // Randomly keyed hashes: unguessable enough for a platform that keeps nothing of worth.
        let half = || RandomState::new().hash_one(now);
        let token = format!("{:016x}{:016x}", half(), half());
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.retain(|_, end| *end > now);
        ends.insert(token.clone(), now + self.life);
        token
    }

    pub(crate) fn is_good(&self, token: &str) -> bool {
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.get(token).is_some_and(|end| *end > Instant::now())
    }

    pub(crate) fn expire_all(&self) {
        self.ends
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
