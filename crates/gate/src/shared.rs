//! Lines that several share: a port is one in a process, however many lanes name it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use line::LineSettings;
use words::{Key, Said};

/// What is in use on each port, for as long as somebody uses it.
pub(crate) struct Shared<T>(Mutex<HashMap<String, Weak<T>>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Shared<T> {
    /// What is on the port of `line`: made, if nobody uses it.
    ///
    /// # Errors
    /// When somebody uses it who set it otherwise.
    pub(crate) fn on(
        &self,
        line: &LineSettings,
        is_same: impl FnOnce(&T) -> bool,
        make: impl FnOnce() -> T,
    ) -> Result<Arc<T>, Said> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let port = line.port.to_string();
        if let Some(used) = all.get(&port).and_then(Weak::upgrade) {
            if is_same(&used) {
                return Ok(used);
            }
            return Err(Said::with(Key::MistakeLineDiffers, "port", port));
        }
        let made = Arc::new(make());
        all.insert(port, Arc::downgrade(&made));
        Ok(made)
    }
}
