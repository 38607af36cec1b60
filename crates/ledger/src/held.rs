//! Locks on folders.

use std::fs::File;

/// A file that is locked as long as this lives; the kernel lets go of it when the process ends,
/// however it ends.
#[derive(Debug)]
pub(crate) struct Held(pub(crate) File);

impl Drop for Held {
    fn drop(&mut self) {
        // Closing the file is not enough: a program that this process is just starting may hold on
        // to a copy of it, and with it to the lock, for the moment until it is started.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use crate::error::ErrorKind;
    use crate::open;

    #[test]
    fn a_ledger_that_was_closed_is_free_though_a_starting_program_has_a_copy_of_its_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = open::lock(folder.path()).expect("the first");
        let copy = lock.0.try_clone().expect("a copy");
        let busy = open::lock(folder.path()).expect_err("held");
        assert_eq!(busy.kind(), ErrorKind::Locked);
        drop(lock);
        open::lock(folder.path()).expect("the next");
        drop(copy);
    }
}
