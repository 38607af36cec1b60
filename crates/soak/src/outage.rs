//! A platform is away for 72 hours; what was generated meanwhile arrives exactly once. Hours pass
//! in minutes here: nothing in delivery looks at how long it took.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use ledger::{Reader, Writer};
use passage::PassageKey;
use serde_json::{Value, json};
use simulator::serve;
use sync::Pace;

use crate::gate::Gate;
use crate::traffic::{self, Truck, jpeg, plate};
use crate::{Fault, OutageArgs, compare, progress};

const HOURS: i64 = 72;

pub(crate) async fn run(args: &OutageArgs) -> Result<Value, Fault> {
    let began = Instant::now();
    let (folder, _temporary) = args.place.open()?;
    let jpeg: &'static [u8] = jpeg(args.place.photo_kb).leak();
    // Nobody listens on this port until the platform is back.
    let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let base_url = format!("http://{listen}/access/api/dataReceive/");
    let pace = Pace {
        backlog_per_second: args.rate,
        longest_pause: Duration::from_secs(5),
        ..Pace::default()
    };
    let mut gate = Gate::open(&folder, &base_url, pace.clone())?;
    let first = Timestamp::now() - SignedDuration::from_hours(HOURS);
    let step = SignedDuration::from_hours(HOURS) / i32::try_from(args.rows.max(1))?;
    for n in 0..args.rows {
        let at = first + step * i32::try_from(n)?;
        gate.ledger
            .write(move |writer| generate(writer, n, at, jpeg))
            .await?;
        if n % 500 == 499 {
            progress(&format!("platform away, {} of {} rows", n + 1, args.rows));
        }
        if n == args.rows / 2 {
            // The computer is restarted in the middle of it.
            gate.close().await?;
            gate = Gate::open(&folder, &base_url, pace.clone())?;
        }
    }
    let waiting = gate.counters().await?.waiting;
    let tried = gate.worker.status().borrow().last_error.is_some();
    if waiting < u64::from(args.rows) || !tried {
        return Err(format!("{waiting} rows wait, tried: {tried}: no outage").into());
    }
    progress(&format!("platform back, {waiting} rows wait"));
    let platform = serve(simulator::Options {
        listen,
        ..simulator::Options::default()
    })
    .await?;
    let back = Instant::now();
    compare::drained(&gate).await?;
    let drained = back.elapsed();
    gate.close().await?;
    let reader = Reader::open(&folder)?;
    compare::sound(&reader)?;
    let passages = compare::same(&reader, &platform)?;
    let counts = platform.counts();
    platform.stop().await;
    Ok(json!({
        "trial": "outage", "hours": HOURS, "rows": passages, "at_the_platform": counts.passages,
        "repeats": counts.repeats, "conflicts": counts.conflicts,
        "drained_in_s": drained.as_secs_f64().round(), "seconds": began.elapsed().as_secs(),
    }))
}

/// One vehicle; every tenth is corrected, and some come from paper.
fn generate(writer: &mut Writer, n: u32, at: Timestamp, jpeg: &[u8]) -> ledger::Result<()> {
    let plate = plate(0, n);
    if n % 50 == 7 {
        return traffic::paper(writer, &plate).map(drop);
    }
    let truck = Truck {
        key: PassageKey::random(),
        plate,
        at,
        jpeg,
    };
    let id = truck.decide(writer)?;
    traffic::finish(writer, id, at, jpeg)?;
    if n % 10 == 3 {
        traffic::correct(writer, id, &truck.plate, jpeg)?;
    }
    Ok(())
}
