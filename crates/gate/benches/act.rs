//! From a decision to the relay's word, the display's word and the first sound, over real wires on this computer:
//! a Modbus TCP board, a parking card on TCP, `espeak-ng` and `aplay`. Fails where the 95th percentile of one is
//! above 300 ms: a vehicle stands at the barrier.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gate::{
    BarrierQueue, BarrierSettings, DisplaySettings, Lift, Notice, QueueLimits, VoiceSettings,
};
use jiff::tz::TimeZone;
use passage::Verdict;
use settings::Section;

#[path = "../tests/relays/board.rs"]
#[allow(dead_code, reason = "shared with tests that need all of it")]
mod board;
#[path = "../tests/signs/card.rs"]
#[allow(dead_code, reason = "shared with tests that need all of it")]
mod card;

const DECISIONS: usize = 60;
/// A sentence is cut off by the next one: by then it has begun.
const EVERY: Duration = Duration::from_millis(900);
const LIMIT: Duration = Duration::from_millis(300);

type Spans = Arc<Mutex<Vec<Duration>>>;

fn read<T>(keys: &str, read: impl FnOnce(&Section) -> Option<T>) -> T {
    let text = format!("[table]\n{keys}");
    let document = settings::Document::parse(&text).expect("TOML");
    let read = document.read(Path::new("/"), |root| root.table("table", read));
    read.expect("right").expect("there")
}

fn took(spans: &Spans) -> gate::Took {
    let spans = Arc::clone(spans);
    Arc::new(move |span| spans.lock().expect("no panic").push(span))
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(measure());
}

async fn measure() {
    let (board, card) = (board::Board::default(), card::Card::default());
    let said = tempfile::tempdir().expect("a folder");
    let file = said.path().join("said.wav");
    let [relay, display, voice] = [(); 3].map(|()| Spans::default());
    let settings = read(
        &format!(
            "driver = \"modbus\"\nport = \"tcp://{}\"\npulse = \"100ms\"",
            board.on_tcp()
        ),
        BarrierSettings::read,
    );
    let raised = Arc::clone(&relay);
    let queue = BarrierQueue::open(
        settings.open().expect("opens"),
        QueueLimits::default(),
        move |report| {
            assert!(report.result.is_ok(), "{report:?}");
            raised.lock().expect("no panic").push(report.took);
        },
    );
    let sign = read(
        &format!("port = \"tcp://{}\"", card.on_tcp()),
        DisplaySettings::read,
    );
    let sign = sign.open(TimeZone::UTC, took(&display)).expect("opens");
    let device = format!("device = \"file:FILE={},FORMAT=wav\"", file.display());
    let speaker = read(&device, VoiceSettings::read).open(TimeZone::UTC, took(&voice));
    for number in 0..DECISIONS {
        let plate = format!("冀A{:05}", 10_000 + number);
        let decided = Instant::now();
        queue.act(
            Verdict::Allow,
            Lift {
                passage: number.to_string(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                lane: "north-in".to_owned(),
                plate: plate.clone(),
            },
        );
        let notice = Notice {
            verdict: Verdict::Allow,
            alarm: false,
            plate: plate.clone(),
            color: "yellow".to_owned(),
            emission: "国五".to_owned(),
            decision: "允许通行".to_owned(),
            reason: "在放行名单上".to_owned(),
            time: "07:05".to_owned(),
            lane: "north-in".to_owned(),
        };
        sign.show(Arc::new(notice), decided);
        speaker.say(gate::prompt(&plate, Verdict::Allow, ""), decided);
        tokio::time::sleep(EVERY).await;
    }
    for (name, spans) in [("relay", relay), ("display", display), ("voice", voice)] {
        let mut spans = spans.lock().expect("no panic").clone();
        spans.sort();
        let at = |share: usize| spans[(spans.len() - 1) * share / 100];
        let (median, late, most) = (at(50), at(95), at(100));
        println!(
            "{name}: {} of {DECISIONS}, median {median:.1?}, 95 % {late:.1?}, most {most:.1?}",
            spans.len()
        );
        assert!(
            spans.len() >= DECISIONS * 9 / 10,
            "{name}: some were never told"
        );
        assert!(late <= LIMIT, "{name} is too slow");
    }
}
