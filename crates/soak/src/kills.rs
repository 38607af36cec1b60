//! Kills the gate's process with no warning, again and again, while the platform misbehaves.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ledger::{Reader, Writer};
use passage::{PassageId, PhotoKind};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use simulator::{Endpoint, FaultAnswer, Faults, RunningSimulator, serve};

use crate::gate::{Gate, options};
use crate::{Fault, KillsArgs, compare, progress, traffic};

/// Everything is proved, photos included, after so many kills; what was told last, after each.
const PROVE_EVERY: u32 = 25;

/// What the killed processes told after the ledger had returned.
#[derive(Debug, Default)]
struct Told {
    plates: BTreeMap<i64, String>,
    corrected: BTreeMap<i64, String>,
    finished: Vec<i64>,
}

pub(crate) async fn run(args: &KillsArgs) -> Result<Value, Fault> {
    let began = Instant::now();
    let (folder, _temporary) = args.place.open()?;
    let platform = serve(simulator::Options::default()).await?;
    let mut dice = StdRng::seed_from_u64(args.seed);
    let mut told = Told::default();
    for life in 1..=args.kills {
        misbehave(&platform, &mut dice);
        let after = Duration::from_millis(dice.random_range(50..args.longest_life_ms.max(51)));
        let lines = live_and_die(args, &folder, &platform.base_url(), life, after).await?;
        let since = told.plates.keys().next_back().copied().unwrap_or(0);
        told.take(&lines)?;
        let reader = Writer::open(&folder, options())?.reader()?;
        told.holds(&reader, since)
            .map_err(|e| format!("after kill {life}: {e}"))?;
        if life % PROVE_EVERY == 0 || life == args.kills {
            told.holds(&reader, 0)?;
            compare::sound(&reader).map_err(|e| format!("after kill {life}: {e}"))?;
            let (rows, there) = (told.plates.len(), platform.counts().passages);
            progress(&format!(
                "{life}/{} kills: {rows} passages told, {there} at the platform, all sound",
                args.kills
            ));
        }
    }
    platform.set_faults(Faults::default());
    let gate = Gate::open(&folder, &platform.base_url(), sync::Pace::default())?;
    let jpeg = traffic::jpeg(args.place.photo_kb);
    let job = move |writer: &mut Writer| -> ledger::Result<()> {
        for open in writer.reader()?.open_passages()? {
            traffic::finish(writer, open.id, open.decided_at, &jpeg)?;
        }
        Ok(())
    };
    gate.ledger.write(job).await?;
    compare::drained(&gate).await?;
    gate.close().await?;
    let reader = Reader::open(&folder)?;
    told.holds(&reader, 0)?;
    compare::sound(&reader)?;
    let passages = compare::same(&reader, &platform)?;
    if passages < told.plates.len() {
        return Err("the ledger has fewer passages than were told".into());
    }
    let counts = platform.counts();
    platform.stop().await;
    Ok(json!({
        "trial": "kills", "kills": args.kills, "passages": passages,
        "told_before_a_kill": told.plates.len(), "corrections": told.corrected.len(),
        "at_the_platform": counts.passages, "corrections_at_the_platform": counts.corrections,
        "ends_at_the_platform": counts.ends,
        "repeats": counts.repeats, "conflicts": counts.conflicts, "faults": counts.faults,
        "seconds": began.elapsed().as_secs(),
    }))
}

fn misbehave(platform: &RunningSimulator, dice: &mut StdRng) {
    let answers = [
        FaultAnswer::AsUsual,
        FaultAnswer::DropBeforeKeeping,
        FaultAnswer::DropAfterKeeping,
        FaultAnswer::NotJson,
        FaultAnswer::HttpStatus { status: 500 },
        FaultAnswer::HttpStatus { status: 429 },
    ];
    platform.set_faults(Faults {
        answer: answers.choose(dice).cloned().unwrap_or_default(),
        endpoint: Some(Endpoint::Passage),
        delay_answer_ms: if dice.random_bool(0.2) { 100 } else { 0 },
        times: Some(dice.random_range(1..4)),
        ..Faults::default()
    });
    if dice.random_bool(0.1) {
        platform.expire_tokens();
    }
}

/// Starts the process, kills it some time after it is ready, and gives what it told.
async fn live_and_die(
    args: &KillsArgs,
    folder: &Path,
    base_url: &str,
    life: u32,
    after: Duration,
) -> Result<Vec<String>, Fault> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["victim", "--base-url", base_url])
        .args(["--life", &life.to_string()])
        .args(["--photo-kb", &args.place.photo_kb.to_string()])
        .arg("--folder")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().ok_or("no output")?;
    let (ready, is_ready) = tokio::sync::oneshot::channel();
    let reading = std::thread::spawn(move || {
        let mut lines = Vec::new();
        let mut ready = Some(ready);
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            match ready.take_if(|_| line == "ready") {
                Some(ready) => drop(ready.send(())),
                None => lines.push(line),
            }
        }
        lines
    });
    // Some are killed while they start: then nobody waits for the word.
    let word = tokio::time::timeout(Duration::from_secs(30), is_ready);
    if !life.is_multiple_of(7) && !matches!(word.await, Ok(Ok(()))) {
        let _ = child.kill();
        return Err(format!("life {life} did not start: {:?}", child.wait()?).into());
    }
    tokio::time::sleep(after).await;
    if let Some(status) = child.try_wait()? {
        return Err(format!("life {life} ended by itself: {status}").into());
    }
    child.kill()?;
    child.wait()?;
    reading.join().map_err(|_| "the listener has died".into())
}

impl Told {
    fn take(&mut self, lines: &[String]) -> Result<(), Fault> {
        for line in lines {
            // The last line may be cut off in the middle: then it told nothing.
            let words: Vec<&str> = line.split(' ').collect();
            let [what, id, plate] = words[..] else {
                continue;
            };
            let id: i64 = id.parse()?;
            match what {
                "passage" => {
                    if let Some(before) = self.plates.insert(id, plate.to_owned()) {
                        return Err(
                            format!("number {id} was given twice: {before}, {plate}").into()
                        );
                    }
                }
                "corrected" => drop(self.corrected.insert(id, plate.to_owned())),
                _ => self.finished.push(id),
            }
        }
        Ok(())
    }

    /// What was told since passage `since` is there, with its photos.
    fn holds(&self, reader: &Reader, since: i64) -> Result<(), Fault> {
        for (&id, plate) in self.plates.range(since + 1..) {
            let passage = reader
                .passage(PassageId(id))?
                .ok_or_else(|| format!("passage {id} {plate} is lost"))?;
            let now = &passage.reading.plate;
            let right = match self.corrected.get(&id) {
                Some(corrected) => now == corrected,
                // A correction may have committed and not been told.
                None => now == plate || *now == traffic::corrected(plate),
            };
            if !right {
                return Err(format!("passage {id} was told as {plate} and is {now}").into());
            }
            if passage.paper.is_some() {
                continue;
            }
            let head = passage
                .photo(PhotoKind::Head)
                .ok_or_else(|| format!("passage {id} has no head photo"))?;
            reader.photo_bytes(head)?;
        }
        let cut = self.finished.partition_point(|&id| id <= since);
        for &id in &self.finished[cut..] {
            let passage = reader.passage(PassageId(id))?;
            if passage.is_none_or(|p| p.finished.is_none()) {
                return Err(format!("the end of passage {id} is lost").into());
            }
        }
        Ok(())
    }
}
