//! Passwords: what fits, how they are kept, and that a guess takes its time whoever's name it is.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use words::{Key, Said};

use crate::refusal::Refusal;

/// Shorter ones are guessed.
const FEWEST_CHARS: usize = 8;
const MOST_CHARS: usize = 200;
const NAME_CHARS: usize = 40;
/// Who has waited for so long for a turn may come again.
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes and compares hashes, one at a time: each takes a processor and 19 MiB, which lanes need.
#[derive(Clone)]
pub(crate) struct Passwords {
    turn: Arc<Semaphore>,
    /// Of no password; names that nobody has are compared with it.
    nobodys: Arc<str>,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, argon2::password_hash::Error> {
        let random: [u8; 32] = rand::random();
        Ok(Self {
            turn: Arc::new(Semaphore::new(1)),
            nobodys: hashed(&hex::encode(random))?.into(),
        })
    }

    /// What is kept of a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Refusal> {
        let hash = self.work(move || hashed(&password)).await?;
        hash.map_err(|error| Refusal::failed(&error))
    }

    /// Whether `password` is the one of `kept`. Without one the same work is done for nothing.
    pub(crate) async fn is(&self, password: String, kept: Option<String>) -> Result<bool, Refusal> {
        let nobodys = Arc::clone(&self.nobodys);
        self.work(move || {
            let hash = kept.as_deref().unwrap_or(&nobodys);
            let same = PasswordHash::new(hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            });
            same && kept.is_some()
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = timeout(PATIENCE, Arc::clone(&self.turn).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Refusal::later());
        };
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| Refusal::failed(&error))
    }
}

fn hashed(password: &str) -> Result<String, argon2::password_hash::Error> {
    let hash = Argon2::default().hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

/// Whether somebody may be called so: letters and digits of any script, and a few signs between.
pub(crate) fn fit_name(name: &str) -> Result<(), Refusal> {
    let plain = |c: char| c.is_alphanumeric() || " -_.@".contains(c);
    let short = (1..=NAME_CHARS).contains(&name.chars().count());
    match short && name.trim() == name && name.chars().all(plain) {
        true => Ok(()),
        false => {
            let said = Said::with(Key::WebName, "most", NAME_CHARS);
            Err(Refusal::invalid(said).of("name"))
        }
    }
}

/// Whether it is a password for whoever is called `name`.
pub(crate) fn fit(password: &str, name: &str) -> Result<(), Refusal> {
    let chars = password.chars().count();
    match (FEWEST_CHARS..=MOST_CHARS).contains(&chars) && password != name {
        true => Ok(()),
        false => {
            let said = Said::with(Key::WebPassword, "least", FEWEST_CHARS);
            Err(Refusal::invalid(said.and("most", MOST_CHARS)).of("password"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other_and_a_name_that_nobody_has_knows_none() {
        let passwords = Passwords::new().expect("random numbers");
        let kept = passwords.hash("correct horse".to_owned()).await;
        let kept = kept.expect("hashed");
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        for (password, kept, same) in [
            ("correct horse", Some(kept.clone()), true),
            ("correct horsf", Some(kept), false),
            ("correct horse", Some("no hash".to_owned()), false),
            ("", None, false),
        ] {
            let is = passwords.is(password.to_owned(), kept).await;
            assert_eq!(is.expect("compared"), same, "{password}");
        }
    }

    #[test]
    fn names_are_of_any_script_and_no_markup() {
        for name in ["王工", "li.4", "Gate 2", "a@b"] {
            assert!(fit_name(name).is_ok(), "{name}");
        }
        let long = "x".repeat(41);
        for name in ["", " x", "<b>", "a\nb", "(code)", &long] {
            assert!(fit_name(name).is_err(), "{name}");
        }
        assert!(fit("12345678", "x").is_ok());
        assert!(fit("1234567", "x").is_err() && fit("12345678", "12345678").is_err());
    }
}
