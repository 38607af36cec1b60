//! The code of the first time: while nobody has an account, whoever can read what the service prints may
//! come in, once.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// Without those that are taken for each other.
const SIGNS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// 49 bits, and each wrong one has to wait.
const LENGTH: usize = 10;

/// A code that works once; its hash is here.
#[derive(Debug, Default)]
pub(crate) struct OneTimeCode(Mutex<Option<[u8; 32]>>);

impl OneTimeCode {
    /// Makes one, and gives it to be printed: `K7QXD-2MPA9`.
    pub(crate) fn make(&self) -> String {
        let signs: String = (0..LENGTH)
            .map(|_| char::from(SIGNS[rand::random_range(0..SIGNS.len())]))
            .collect();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hash(&signs));
        format!("{}-{}", &signs[..LENGTH / 2], &signs[LENGTH / 2..])
    }

    /// Whether this is the code; it was, then.
    pub(crate) fn take(&self, typed: &str) -> bool {
        let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut code = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = *code == Some(hash(&plain.to_ascii_uppercase()));
        if is_it {
            *code = None;
        }
        is_it
    }
}

/// Hashes are compared, so that the time that takes tells nothing of the code.
fn hash(plain: &str) -> [u8; 32] {
    Sha256::digest(plain.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_however_it_is_typed_and_none_works_before_it_is_made() {
        let code = OneTimeCode::default();
        assert!(!code.take(""));
        let printed = code.make();
        assert_eq!(printed.len(), LENGTH + 1);
        assert!(!code.take("AAAAA-AAAAA") && !code.take(""));
        let typed = printed.to_lowercase().replace('-', " ");
        assert!(code.take(&typed));
        assert!(!code.take(&printed));
    }
}
