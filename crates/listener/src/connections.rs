//! Who has a connection, and who makes room.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until, timeout};

/// A connection that was told to end does so at once; a new one waits no longer for it.
const MAKING_ROOM: Duration = Duration::from_secs(1);
/// So long a connection may take for its request, however many come: on a busy computer what has
/// arrived is not read at once. Those that come meanwhile wait in the system's queue.
const YOUNG: Duration = Duration::from_millis(50);

/// The connections of one listener.
pub(crate) struct Connections {
    /// In all, and of one address.
    most: (usize, usize),
    seats: Mutex<Vec<Arc<Inner>>>,
    freed: Notify,
}

struct Inner {
    from: IpAddr,
    /// Since when it has been waited for a whole request; none while one is answered.
    waiting_since: Mutex<Option<Instant>>,
    leave: Notify,
}

/// One connection; it is counted until this is dropped.
pub(crate) struct Seat {
    inner: Arc<Inner>,
    of: Arc<Connections>,
}

enum Place {
    Free(Seat),
    /// Somebody was told to go.
    Soon,
    /// All that wait came just before: then the first of them goes.
    At(Instant),
    /// All are being answered.
    None,
}

impl Connections {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        // Half: with all from one address there would be no room for a second.
        let of_one = most.div_ceil(2);
        Arc::new(Self {
            most: (most, of_one),
            seats: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// A seat for who comes from this address; none when all are at work.
    pub(crate) async fn seat(self: &Arc<Self>, from: IpAddr) -> Option<Seat> {
        let from = neighbourhood(from);
        loop {
            match self.place(from) {
                Place::Free(seat) => return Some(seat),
                Place::None => return None,
                Place::At(then) => {
                    sleep_until(then).await;
                    // What has arrived until now is read first.
                    yield_now().await;
                }
                Place::Soon => {
                    if timeout(MAKING_ROOM, self.freed.notified()).await.is_err() {
                        return None;
                    }
                }
            }
        }
    }

    fn place(self: &Arc<Self>, from: IpAddr) -> Place {
        let mut seats = locked(&self.seats);
        let mut of_each: BTreeMap<IpAddr, usize> = BTreeMap::new();
        for seat in seats.iter() {
            *of_each.entry(seat.from).or_default() += 1;
        }
        let (most, most_of_one) = self.most;
        let own = of_each.get(&from).copied().unwrap_or(0);
        if own < most_of_one && seats.len() < most {
            let inner = Arc::new(Inner {
                from,
                waiting_since: Mutex::new(Some(Instant::now())),
                leave: Notify::new(),
            });
            seats.push(Arc::clone(&inner));
            let of = Arc::clone(self);
            return Place::Free(Seat { inner, of });
        }
        let waiting = seats.iter().filter_map(|seat| {
            let since = *locked(&seat.waiting_since);
            let may_go = own < most_of_one || seat.from == from;
            since.filter(|_| may_go).map(|since| (since, seat))
        });
        // Of the address that has most, the one that has waited longest.
        let first = waiting.min_by_key(|(since, seat)| {
            let is_young = since.elapsed() < YOUNG;
            (is_young, Reverse(of_each[&seat.from]), *since)
        });
        match first {
            Some((since, _)) if since.elapsed() < YOUNG => Place::At(since + YOUNG),
            Some((_, seat)) => {
                seat.leave.notify_one();
                Place::Soon
            }
            None => Place::None,
        }
    }
}

impl Seat {
    /// From now on a request is awaited.
    pub(crate) fn waits(&self) {
        *locked(&self.inner.waiting_since) = Some(Instant::now());
    }

    /// A whole request is here; it is answered whoever comes.
    pub(crate) fn works(&self) {
        *locked(&self.inner.waiting_since) = None;
    }

    /// Until it must make room for another.
    pub(crate) async fn must_go(&self) {
        self.inner.leave.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        locked(&self.of.seats).retain(|seat| !Arc::ptr_eq(seat, &self.inner));
        self.of.freed.notify_one();
    }
}

/// Who counts as one: an IPv4 address, or the network of an IPv6 address, whose hosts choose their
/// last 64 bits as they like.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        other => other,
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No step that is done under a lock can leave something half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    async fn told_to_go(seat: &Seat) -> bool {
        timeout(Duration::ZERO, seat.must_go()).await.is_ok()
    }

    #[tokio::test]
    async fn who_waits_longest_makes_room_and_who_is_answered_stays() {
        let all = Connections::new(4);
        let busy = all.seat(address(1)).await.expect("a seat");
        busy.works();
        let old = all.seat(address(2)).await.expect("a seat");
        let young = all.seat(address(2)).await.expect("a seat");
        // This address is full, the listener is not.
        let next = tokio::spawn({
            let all = Arc::clone(&all);
            async move { all.seat(address(2)).await }
        });
        old.must_go().await;
        assert!(!told_to_go(&young).await && !told_to_go(&busy).await);
        drop(old);
        let next = next.await.expect("not cut off").expect("a seat");
        next.works();
        young.works();
        assert!(all.seat(address(2)).await.is_none(), "all are at work");
        let other = all.seat(address(3)).await.expect("others get in");
        drop((busy, young, next, other));
        assert!(locked(&all.seats).is_empty());
    }

    #[tokio::test]
    async fn an_address_that_has_most_makes_room_for_others() {
        let all = Connections::new(4);
        let lonely = all.seat(address(1)).await.expect("a seat");
        let (one, two) = (all.seat(address(2)).await, all.seat(address(2)).await);
        let fourth = all.seat(address(3)).await.expect("a seat");
        let next = tokio::spawn({
            let all = Arc::clone(&all);
            async move { all.seat(address(4)).await }
        });
        let one = one.expect("a seat");
        one.must_go().await;
        drop(one);
        assert!(next.await.expect("not cut off").is_some());
        assert!(!told_to_go(&lonely).await && !told_to_go(&fourth).await);
        drop(two);
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let of = |text: &str| neighbourhood(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
