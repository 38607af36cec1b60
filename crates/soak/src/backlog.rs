//! A backlog with photos drains while vehicles go on coming.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use ledger::{Reader, Writer};
use passage::{PassageId, PassageKey};
use serde_json::{Value, json};
use simulator::serve;
use sync::Pace;

use crate::gate::{Gate, options};
use crate::traffic::{self, Truck, jpeg, plate};
use crate::{BacklogArgs, Fault, compare, progress};

/// So old is the youngest row of the backlog.
const AGE: SignedDuration = SignedDuration::from_hours(1);
/// Numbers the live vehicles; no backlog here has so many.
const FIRST_LIVE: u32 = 10_000_000;

pub(crate) async fn run(args: &BacklogArgs) -> Result<Value, Fault> {
    let began = Instant::now();
    let (folder, _temporary) = args.place.open()?;
    let jpeg: &'static [u8] = jpeg(args.place.photo_kb).leak();
    fill(&mut Writer::open(&folder, options())?, args.rows, jpeg)?;
    progress(&format!("{} rows with photos wait", args.rows));

    let platform = serve(simulator::Options::default()).await?;
    let pace = Pace {
        backlog_per_second: args.rate,
        ..Pace::default()
    };
    let gate = Gate::open(&folder, &platform.base_url(), pace)?;
    let draining = Instant::now();
    let (mut live, mut told) = (Vec::new(), Instant::now());
    loop {
        let n = FIRST_LIVE + u32::try_from(live.len())?;
        live.push(
            gate.ledger
                .write(move |writer| come(writer, n, jpeg))
                .await?,
        );
        tokio::time::sleep(Duration::from_millis(args.live_every_ms)).await;
        let arrived = platform.counts().passages;
        let backlog = arrived.saturating_sub(live.len() as u64);
        if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            progress(&format!(
                "{backlog}/{} of the backlog and {} live rows arrived",
                args.rows,
                live.len()
            ));
        }
        if gate.counters().await?.waiting == 0 {
            break;
        }
    }
    let drained = draining.elapsed();
    gate.close().await?;
    let reader = Reader::open(&folder)?;
    compare::sound(&reader)?;
    let passages = compare::same(&reader, &platform)?;
    platform.stop().await;

    let delays = delays(&reader, &live)?;
    let figures = json!({
        "trial": "backlog", "backlog": args.rows, "live": live.len(), "passages": passages,
        "live_p50_ms": quantile(&delays, 50), "live_p95_ms": quantile(&delays, 95),
        "live_longest_ms": delays.last(), "drained_in_s": drained.as_secs_f64().round(),
        "rows_per_second": (f64::from(args.rows) / drained.as_secs_f64() * 10.0).round() / 10.0,
        "seconds": began.elapsed().as_secs(),
    });
    let limit = i64::try_from(args.limit_ms)?;
    if quantile(&delays, 95).is_none_or(|p95| p95 > limit) {
        return Err(format!("live rows wait longer than {limit} ms: {figures}").into());
    }
    Ok(figures)
}

fn fill(writer: &mut Writer, rows: u32, jpeg: &[u8]) -> Result<(), Fault> {
    let youngest = Timestamp::now() - AGE;
    for n in 0..rows {
        let truck = Truck {
            key: PassageKey::random(),
            plate: plate(0, n),
            at: youngest - SignedDuration::from_secs(i64::from(rows - n)),
            jpeg,
        };
        let id = truck.decide(writer)?;
        traffic::finish(writer, id, truck.at, jpeg)?;
        if n % 1000 == 999 {
            progress(&format!("{} of {rows} rows made", n + 1));
        }
    }
    Ok(())
}

/// A live vehicle, and when everything about it was committed.
fn come(writer: &mut Writer, n: u32, jpeg: &[u8]) -> Result<(PassageId, Timestamp), ledger::Error> {
    let truck = Truck {
        key: PassageKey::random(),
        plate: plate(0, n),
        at: Timestamp::now(),
        jpeg,
    };
    let id = truck.decide(writer)?;
    traffic::finish(writer, id, truck.at, jpeg)?;
    Ok((id, Timestamp::now()))
}

/// From commit to the last acknowledgement, sorted, in milliseconds.
fn delays(reader: &Reader, live: &[(PassageId, Timestamp)]) -> Result<Vec<i64>, Fault> {
    let mut delays = Vec::new();
    for (id, committed) in live {
        let passage = reader.passage(*id)?.ok_or("a live row is lost")?;
        let settled = passage.deliveries.iter().filter_map(|d| d.settled_at);
        let last = settled.max().ok_or("a live row was never acknowledged")?;
        delays.push(last.as_millisecond() - committed.as_millisecond());
    }
    delays.sort_unstable();
    Ok(delays)
}

fn quantile(sorted: &[i64], percent: usize) -> Option<i64> {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied()
}
