//! The process that is killed: it decides, finishes, corrects, enters paper and uploads, and tells of
//! each commit after it has returned.

use std::io::Write as _;

use jiff::Timestamp;
use ledger::{Handle, Writer};
use passage::{PassageId, PassageKey};
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
    let (life, ledger) = (args.life, gate.ledger.clone());
    let work = move || -> Result<(), Fault> {
        // Vehicles that stood at the barrier when the last life ended are met again.
        ledger.write_blocking(|writer| resume(writer, jpeg))?;
        tell("ready")?;
        let mut before = None;
        for n in 0.. {
            before = one(&ledger, plate(life, n), n, before, jpeg)?;
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
    ledger: &Handle,
    plate: String,
    n: u32,
    before: Option<(PassageId, String)>,
    jpeg: &'static [u8],
) -> Result<Option<(PassageId, String)>, Fault> {
    if n % 20 == 19 {
        let about = plate.clone();
        let id = ledger.write_blocking(move |writer| traffic::paper(writer, &about))?;
        tell(&format!("passage {id} {plate}"))?;
        return Ok(None);
    }
    let at = Timestamp::now();
    let truck = Truck {
        key: PassageKey::random(),
        plate: plate.clone(),
        at,
        jpeg,
    };
    let id = ledger.write_blocking(move |writer| truck.decide(writer))?;
    tell(&format!("passage {id} {plate}"))?;
    // Some are sent before they end, and their end follows in a row of its own.
    if n.is_multiple_of(3) {
        std::thread::sleep(PAUSE);
    }
    if let Some((before, plate)) = before
        && n % 4 == 1
    {
        let now = traffic::corrected(&plate);
        ledger.write_blocking(move |writer| traffic::correct(writer, before, &plate, jpeg))?;
        tell(&format!("corrected {before} {now}"))?;
    }
    ledger.write_blocking(move |writer| traffic::finish(writer, id, at, jpeg))?;
    tell(&format!("finished {id} -"))?;
    Ok(Some((id, plate)))
}

fn tell(line: &str) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
