//! Guesses have to wait, longer from one to the next: by the account that they are for, wherever they
//! come from, and by the address that they come from, whoever they are for.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A person who mistypes is not kept waiting.
const FREE_OF_ACCOUNT: u32 = 5;
/// Several people sit behind one address.
const FREE_OF_ADDRESS: u32 = 20;
/// Short, or anybody could keep a guard out for long.
const LONGEST_OF_ACCOUNT: Duration = Duration::from_secs(60);
const LONGEST_OF_ADDRESS: Duration = Duration::from_secs(15 * 60);
/// After so long without a guess all is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(30 * 60);
/// Accounts and addresses that are remembered; a network has no end of either.
const REMEMBERED: usize = 4096;

/// Who tried how often.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Side, Tries>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Side {
    Account(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    failed: u32,
    last: Instant,
    until: Instant,
    /// That somebody has to wait was set down since the last guess.
    told: bool,
}

/// Somebody has to wait before the next guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeldOff {
    pub(crate) wait: Duration,
    /// The first that is held off since the last guess: what is set down in the log stays bounded by guesses.
    pub(crate) is_news: bool,
}

impl Side {
    fn wait(&self, failed: u32) -> Duration {
        let (free, longest) = match self {
            Self::Account(_) => (FREE_OF_ACCOUNT, LONGEST_OF_ACCOUNT),
            Self::Address(_) => (FREE_OF_ADDRESS, LONGEST_OF_ADDRESS),
        };
        match failed.checked_sub(free) {
            None => Duration::ZERO,
            Some(over) => Duration::from_secs(1 << over.min(20)).min(longest),
        }
    }
}

impl Throttle {
    /// A guess begins; it counts as wrong until it is found right, however many come at the same time.
    /// Else how long to wait.
    pub(crate) fn begin(&self, name: &str, from: IpAddr, now: Instant) -> Result<(), HeldOff> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sides = sides(name, from);
        let left = sides.iter().filter_map(|side| all.get(side));
        let left = left.map(|tries| tries.until.saturating_duration_since(now));
        match left.max() {
            Some(wait) if !wait.is_zero() => {
                let mut is_news = false;
                for side in &sides {
                    if let Some(tries) = all.get_mut(side).filter(|tries| tries.until > now) {
                        is_news |= !tries.told;
                        tries.told = true;
                    }
                }
                return Err(HeldOff { wait, is_news });
            }
            _ => {}
        }
        make_room(&mut all, now);
        for side in sides {
            let tries = all
                .get(&side)
                .filter(|t| now.duration_since(t.last) < FORGOTTEN);
            let failed = tries.map_or(0, |tries| tries.failed) + 1;
            let until = now + side.wait(failed);
            let last = now;
            all.insert(
                side,
                Tries {
                    failed,
                    last,
                    until,
                    told: false,
                },
            );
        }
        Ok(())
    }

    /// It was right. The address keeps its earlier guesses: one account of one's own is no licence.
    pub(crate) fn right(&self, name: &str, from: IpAddr) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [account, address] = sides(name, from);
        all.remove(&account);
        if let Some(tries) = all.get_mut(&address) {
            tries.failed = tries.failed.saturating_sub(1);
            tries.until = tries.last + address.wait(tries.failed);
        }
    }
}

fn sides(name: &str, from: IpAddr) -> [Side; 2] {
    // As accounts are called: a longer name has none, and is not kept.
    let name = name.chars().take(40).collect();
    [Side::Account(name), Side::Address(neighbourhood(from))]
}

/// An IPv6 network counts as one address: its hosts choose their last 64 bits as they like.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        other => other,
    }
}

fn make_room(all: &mut HashMap<Side, Tries>, now: Instant) {
    if all.len() + 2 <= REMEMBERED {
        return;
    }
    all.retain(|_, tries| now.duration_since(tries.last) < FORGOTTEN);
    while all.len() + 2 > REMEMBERED {
        // Who waits longest is kept longest.
        let first = all
            .iter()
            .min_by_key(|(_, tries)| (tries.until, tries.last));
        match first.map(|(side, _)| side.clone()) {
            Some(side) => drop(all.remove(&side)),
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn an_account_waits_longer_each_time_wherever_guesses_come_from_and_no_longer_than_a_minute() {
        let (throttle, mut now) = (Throttle::default(), Instant::now());
        for from in 0..4 {
            assert_eq!(throttle.begin("wang", address(from), now), Ok(()));
        }
        let mut waits = Vec::new();
        for from in 4..14 {
            assert_eq!(throttle.begin("wang", address(from), now), Ok(()));
            let wait = throttle.begin("wang", address(99), now);
            let held_off = wait.expect_err("it has to wait");
            assert!(held_off.is_news, "the first since the guess");
            let again = throttle.begin("wang", address(98), now);
            assert!(!again.expect_err("it still has to wait").is_news);
            waits.push(held_off.wait.as_secs());
            now += held_off.wait;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        assert_eq!(
            throttle.begin("li", address(99), now),
            Ok(()),
            "others don't"
        );
    }

    #[test]
    fn an_address_waits_whoever_it_guesses_for_also_when_it_has_an_account_of_its_own() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for guess in 0..19 {
            assert_eq!(throttle.begin(&guess.to_string(), address(1), now), Ok(()));
            assert_eq!(throttle.begin("own", address(1), now), Ok(()));
            throttle.right("own", address(1));
        }
        assert_eq!(throttle.begin("x", address(1), now), Ok(()));
        let wait = throttle.begin("y", address(1), now);
        let wait = wait.map_err(|held_off| held_off.wait);
        assert_eq!(wait, Err(Duration::from_secs(1)));
        assert_eq!(throttle.begin("y", address(2), now), Ok(()));
    }

    #[test]
    fn right_ones_are_never_kept_waiting_and_old_ones_are_forgotten() {
        let (throttle, mut now) = (Throttle::default(), Instant::now());
        for _ in 0..100 {
            assert_eq!(throttle.begin("wang", address(1), now), Ok(()));
            throttle.right("wang", address(1));
        }
        for _ in 0..5 {
            assert_eq!(throttle.begin("wang", address(1), now), Ok(()));
        }
        assert!(throttle.begin("wang", address(1), now).is_err());
        now += FORGOTTEN;
        for _ in 0..4 {
            assert_eq!(throttle.begin("wang", address(1), now), Ok(()));
        }
    }

    #[test]
    fn no_number_of_names_fills_the_memory_and_who_waits_is_not_forgotten_for_them() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(throttle.begin("wang", address(1), now), Ok(()));
        }
        for n in 0..10_000_u32 {
            let from = IpAddr::from(n.to_be_bytes());
            assert_eq!(throttle.begin(&n.to_string(), from, now), Ok(()));
        }
        assert!(throttle.0.lock().expect("whole").len() <= REMEMBERED);
        assert!(throttle.begin("wang", address(1), now).is_err());
    }
}
