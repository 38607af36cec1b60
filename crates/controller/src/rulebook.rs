//! The rulebook in force: the site's rules with the vehicles that platforms hold over the limit.
//!
//! Only these lists reach the gate. A control strategy's text is kept word for word and is for people: no
//! words of a platform open or shut a barrier by themselves.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{DownlinkView, ErrorKind, Handle, Reader, Topic};
use passage::ListKind;
use policy::{Age, List, OverLimitNotice, Rulebook, over_limit_now};
use sync::DownlinkKind;
use tokio::sync::watch;

use crate::{LaneParts, Listing};

/// Before lists that could not be read are tried again.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// The rulebook, which is built anew when a platform's list was fetched, for as long as anybody asks
/// for it.
pub(crate) fn follow(parts: &LaneParts) -> watch::Receiver<Arc<Rulebook>> {
    let (rules, listings) = (parts.rules.clone(), parts.listings.clone());
    follow_lists(parts.ledger.clone(), listings, rules)
}

fn follow_lists(
    ledger: Handle,
    platforms: Vec<Listing>,
    rules: Rulebook,
) -> watch::Receiver<Arc<Rulebook>> {
    let (told, rulebook) = watch::channel(Arc::new(rules.clone()));
    let mut fetched = ledger.committed(&[Topic::Downlinks]);
    tokio::spawn(async move {
        let mut known = None;
        loop {
            let seen = known.clone();
            let listings = platforms.clone();
            let news = ledger.read(move |reader| news(reader, &listings, seen.as_ref()));
            let failed = match news.await {
                Ok(news) => {
                    if let Some((fetches, lists)) = news {
                        known = Some(fetches);
                        told.send_replace(Arc::new(rules.with(lists)));
                    }
                    false
                }
                Err(error) if error.kind() == ErrorKind::Closed => return,
                Err(error) => {
                    tracing::warn!(%error, "the over-limit lists could not be read");
                    true
                }
            };
            tokio::select! {
                fetched = fetched.changed() => if fetched.is_err() { return },
                () = tokio::time::sleep(TRY_AGAIN), if failed => {}
                () = told.closed() => return,
            }
        }
    });
    rulebook
}

type Fetches = Vec<(String, Timestamp)>;

fn news(
    reader: &Reader,
    platforms: &[Listing],
    seen: Option<&Fetches>,
) -> ledger::Result<Option<(Fetches, Vec<List>)>> {
    let kind = DownlinkKind::OverLimit.as_str();
    let fetches = reader.downlink_fetches(kind)?;
    if seen == Some(&fetches) {
        return Ok(None);
    }
    let entries = reader.downlinks(kind)?;
    let lists = platforms.iter().map(|listing| {
        let name = &listing.platform;
        let fetched = fetches.iter().find(|(platform, _)| platform == name);
        let age = fetched.map_or(Age::Never, |(_, at)| Age::AsOf(*at));
        let own = entries.iter().filter(|entry| entry.platform == *name);
        let said = own.filter_map(|entry| notice(entry, &listing.zone));
        List::new(ListKind::Deny, name, age, over_limit_now(said))
    });
    Ok(Some((fetches.clone(), lists.collect())))
}

fn notice(entry: &DownlinkView, zone: &TimeZone) -> Option<OverLimitNotice> {
    let notice = sync::over_limit_notice(&entry.parsed, zone);
    if notice.is_none() {
        tracing::warn!(
            platform = entry.platform,
            id = entry.id,
            "an over-limit entry names no plate"
        );
    }
    let meant = notice.as_ref().and_then(|n| n.plate.perhaps_meant());
    if let (Some(notice), Some(meant)) = (&notice, meant) {
        let (plate, platform) = (&notice.plate, &entry.platform);
        tracing::warn!(%plate, %meant, platform, id = entry.id, "an over-limit entry names a plate that does not occur and matches nobody; ask the platform");
    }
    notice
}

#[cfg(test)]
mod tests {
    use ledger::{NewDownlink, Options, Writer};
    use passage::Verdict;
    use plate::Color;
    use policy::{RulebookSettings, SeenVehicle};
    use serde_json::{Value, json};

    use super::*;

    fn entry(id: &str, parsed: Value) -> NewDownlink {
        NewDownlink {
            platform_id: id.to_owned(),
            sha256: id.to_owned(),
            raw: Value::Null,
            parsed,
        }
    }

    async fn fetched(ledger: &Handle, entries: Vec<NewDownlink>, at: Timestamp) {
        let kept = ledger
            .write(move |writer| writer.keep_downlinks("p", "over_limit", &entries, at))
            .await;
        kept.expect("kept");
    }

    #[tokio::test]
    async fn a_list_that_is_fetched_is_in_force_on_every_lane() {
        let folder = tempfile::tempdir().expect("a folder");
        let writer = Writer::open(folder.path(), Options::default()).expect("opens");
        let (ledger, _thread) = Handle::start(writer).expect("starts");
        let listing = Listing {
            platform: "p".to_owned(),
            zone: TimeZone::get("Asia/Shanghai").expect("known"),
        };
        let rules = Rulebook::new(RulebookSettings::default()).expect("the defaults");
        let mut lane = follow_lists(ledger.clone(), vec![listing], rules);
        let other_lane = lane.clone();
        let mut decided = async || {
            lane.changed().await.expect("followed");
            let rulebook = Arc::clone(&lane.borrow());
            assert!(Arc::ptr_eq(&rulebook, &other_lane.borrow()), "one for all");
            let seen = SeenVehicle {
                plate: "云A12345",
                color: Color::Yellow,
                accepted: true,
            };
            rulebook.decide(seen, Timestamp::now())
        };
        let before = decided().await;
        assert_eq!(before.verdict, Verdict::Allow);
        assert!(before.grounds.lists[0].as_of.is_none() && before.grounds.lists[0].stale);

        let now = Timestamp::now();
        let vehicle = |released: Value, item: &str, at: &str| json!({"plateNo": "云A12345", "plateColor": "yellow", "released": released, item: at});
        let listed = vehicle(json!(false), "issuedAt", "2026-05-01 08:00:00");
        fetched(&ledger, vec![entry("kept long ago", listed)], now).await;
        let denied = decided().await;
        assert_eq!(
            (denied.verdict, denied.grounds.lists[0].stale),
            (Verdict::Deny, false)
        );

        let released = vehicle(json!(true), "releasedAt", "2026-05-02T00:00:00Z");
        let later = now + jiff::SignedDuration::from_secs(1);
        fetched(&ledger, vec![entry("kept now", released)], later).await;
        assert_eq!(decided().await.verdict, Verdict::Allow);
    }
}
