//! A random life: drops, duplicates, refusals, expired tokens, slow and rude answers, a clock that
//! jumps, restarts. At the end the platform has exactly what was generated, each row once.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::{Gate, shipped, until, yunnan};
use ledger::Takes;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use simulator::{Dialect, Endpoint, FaultAnswer, Faults, Options, RunningSimulator, serve};
use sync::{Platform, PlatformSettings, WorkerHandle, spawn};

const ROWS: usize = 40;

/// What the platform must have at the end: the plate of each serial number.
type Oracle = BTreeMap<String, String>;

struct World {
    random: StdRng,
    dialect: Dialect,
    platform: RunningSimulator,
    gate: Gate,
    worker: Option<WorkerHandle>,
}

impl World {
    fn settings(&self) -> PlatformSettings {
        let yunnan = yunnan(&self.platform.base_url());
        let timeout = Duration::from_millis(150);
        match self.dialect {
            Dialect::Henan => PlatformSettings {
                names: [("organ".to_owned(), "410000".to_owned())].into(),
                enterprise_code: Some("E1".to_owned()),
                paths: BTreeMap::new(),
                timeout,
                ..yunnan
            },
            _ => PlatformSettings { timeout, ..yunnan },
        }
    }

    fn start(&mut self) {
        let adapter = match self.dialect {
            Dialect::Henan => "henan-transport-control",
            _ => "yunnan",
        };
        let settings = self.settings();
        let pace = settings.pace.clone();
        let sink = Platform::new(settings, shipped(adapter), self.gate.ledger.clone()).unwrap();
        self.worker = Some(spawn(sink, self.gate.ledger.clone(), pace));
    }

    async fn restart(self) -> Self {
        let Self {
            random,
            dialect,
            platform,
            gate,
            worker,
        } = self;
        if let Some(worker) = worker {
            worker.stop().await;
        }
        let gate = Gate::at(gate.close(), "regulator", Takes::default());
        let mut world = Self {
            random,
            dialect,
            platform,
            gate,
            worker: None,
        };
        world.start();
        world
    }

    fn misbehave(&mut self) {
        let answers = [
            FaultAnswer::DropBeforeKeeping,
            FaultAnswer::DropAfterKeeping,
            FaultAnswer::NotJson,
            FaultAnswer::RepeatLast,
            FaultAnswer::HttpStatus { status: 500 },
            FaultAnswer::HttpStatus { status: 429 },
            FaultAnswer::HttpStatus { status: 401 },
            FaultAnswer::ErrorBody {
                code: "999".to_owned(),
                msg: "系统繁忙".to_owned(),
            },
            FaultAnswer::AsUsual,
        ];
        let answer = answers.choose(&mut self.random).unwrap().clone();
        let endpoints = [
            Some(Endpoint::Passage),
            Some(Endpoint::Photo),
            Some(Endpoint::GetToken),
        ];
        // The last answer may be an acknowledgement: repeated to a row that was not kept it would be a
        // lie that no client can see through. Only lists and log-ins can be repeated safely.
        let endpoint = match answer {
            FaultAnswer::RepeatLast => Some(Endpoint::GetToken),
            _ => *endpoints.choose(&mut self.random).unwrap(),
        };
        let slow = self.random.random_bool(0.1);
        self.platform.set_faults(Faults {
            answer,
            endpoint,
            delay_answer_ms: if slow { 400 } else { 0 },
            times: Some(self.random.random_range(1..4)),
            ..Faults::default()
        });
    }
}

async fn live(seed: u64, dialect: Dialect) {
    let mut world = World {
        random: StdRng::seed_from_u64(seed),
        dialect,
        platform: serve(Options::of(dialect)).await.unwrap(),
        gate: Gate::new("regulator"),
        worker: None,
    };
    world.start();
    let mut plates = BTreeSet::new();
    for n in 0..ROWS {
        // A clock that is an hour behind, right, or a day ahead of the platform's.
        let ages = [3600, 0, 0, 0, 86_400];
        let age = Duration::from_secs(*ages.choose(&mut world.random).unwrap());
        let plate = format!("云A{n:04}D");
        let lane = format!("lane-{}", n % 3);
        world.gate.passage(&lane, &plate, age).await;
        plates.insert(plate);
        match world.random.random_range(0..10) {
            0..=4 => world.misbehave(),
            5 => world.platform.expire_tokens(),
            6 if n % 4 == 0 => world = world.restart().await,
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    world.platform.set_faults(Faults::default());
    let status = world.worker.as_ref().unwrap().status();
    until(status, |s| s.acknowledged == ROWS as u64 && s.waiting == 0).await;
    let arrived = world.platform.received();
    let oracle: Oracle = arrived
        .iter()
        .map(|a| {
            (
                a.serial.clone(),
                a.summary.plate.clone().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(oracle.len(), ROWS, "seed {seed}: one serial number each");
    let there: BTreeSet<String> = oracle.into_values().collect();
    assert_eq!(there, plates, "seed {seed}: exactly what was generated");
    assert!(
        arrived.iter().all(|a| a.photos.len() == 2),
        "seed {seed}: with both photos"
    );
    let counts = world.platform.counts();
    assert_eq!((counts.conflicts, counts.refused), (0, 0), "seed {seed}");
    world.worker.unwrap().stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_yunnan_has_exactly_what_was_generated() {
    for seed in [1, 2, 3] {
        live(seed, Dialect::Yunnan).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_henan_has_exactly_what_was_generated() {
    for seed in [11, 12, 13] {
        live(seed, Dialect::Henan).await;
    }
}
