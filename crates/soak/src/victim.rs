//! The process that is killed: it decides, finishes, corrects, enters paper and uploads, and tells of
//! each commit after it has returned.

use std::io::Write as _;

use jiff::Timestamp;
use ledger::{PassageId, PassageKey, Writer};
use serde_json::Value;
use sync::Pace;

use crate::gate::Gate;
use crate::traffic::{self, Truck, jpeg, plate};
use crate::{Fault, VictimArgs};

/// Breath between vehicles: uploads shall keep up more or less.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(15);

pub(crate) async fn run(args: &VictimArgs) -> Result<Value, Fault> {
    let pace = Pace {
        first_pause: std::time::Duration::from_millis(20),
        longest_pause: std::time::Duration::from_millis(200),
        heartbeat: std::time::Duration::from_secs(1),
        ..Pace::default()
    };
    let gate = Gate::open(&args.folder, &args.base_url, pace)?;
    let jpeg: &'static [u8] = jpeg(args.photo_kb).leak();
    let (life, ledger, waker) = (args.life, gate.ledger.clone(), gate.worker.waker());
    let work = move || -> Result<(), Fault> {
        // Vehicles that stood at the barrier when the last life ended are met again.
        ledger.write_blocking(|writer| resume(writer, jpeg))??;
        tell("ready")?;
        let mut before = None;
        for n in 0.. {
            let step = move |writer: &mut Writer| one(writer, life, n, before, jpeg);
            before = ledger.write_blocking(step)??;
            waker.wake();
            std::thread::sleep(PAUSE);
        }
        Ok(())
    };
    tokio::task::spawn_blocking(work).await??;
    Ok(Value::Null)
}

fn resume(writer: &mut Writer, jpeg: &[u8]) -> Result<(), Fault> {
    for open in writer.reader()?.open_passages()? {
        traffic::finish(writer, open.id, open.decided_at, jpeg)?;
    }
    Ok(())
}

/// One vehicle; gives it for the next step, which corrects it if it is that one's turn.
fn one(
    writer: &mut Writer,
    life: u32,
    n: u32,
    before: Option<PassageId>,
    jpeg: &[u8],
) -> Result<Option<PassageId>, Fault> {
    let plate_now = plate(life, n);
    if n % 20 == 19 {
        let id = traffic::paper(writer, &plate_now)?;
        tell(&format!("passage {id} {plate_now}"))?;
        return Ok(None);
    }
    let truck = Truck {
        key: PassageKey::random(),
        plate: plate_now,
        at: Timestamp::now(),
        jpeg,
    };
    let id = truck.decide(writer)?;
    tell(&format!("passage {id} {}", truck.plate))?;
    if let Some(before) = before
        && n % 4 == 3
    {
        let plate = plate(life, n - 1);
        traffic::correct(writer, before, &plate, jpeg)?;
        tell(&format!(
            "corrected {before} {}",
            traffic::corrected(&plate)
        ))?;
    }
    traffic::finish(writer, id, truck.at, jpeg)?;
    tell(&format!("finished {id} -"))?;
    Ok(Some(id))
}

fn tell(line: &str) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
