//! Displays and voices over their real wires: a card on TCP and on a serial line, and the sound that the
//! system's own programs make.

mod card;
mod display;
mod voice;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gate::{Notice, Took};
use passage::Verdict;
use settings::Section;

/// Longest wait of a test for anything.
const LIMIT: Duration = Duration::from_secs(20);

fn notice(plate: &str, verdict: Verdict) -> Arc<Notice> {
    Arc::new(Notice {
        verdict,
        alarm: false,
        plate: plate.into(),
        color: "yellow".into(),
        emission: "国五".into(),
        decision: "允许通行".into(),
        reason: "在允许名单上".into(),
        time: "07:05".into(),
        lane: "north-in".into(),
    })
}

/// The settings of this table, as a site writes them.
fn read<T>(keys: &str, read: impl FnOnce(&Section) -> Option<T>) -> T {
    let text = format!("[table]\n{keys}");
    let document = settings::Document::parse(&text).expect("TOML");
    let read = document.read(Path::new("/"), |root| root.table("table", read));
    read.expect("right").expect("there")
}

/// Keeps what it hears.
fn took() -> (Took, Arc<Mutex<Vec<Duration>>>) {
    let all = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&all);
    let took = move |span| kept.lock().expect("no panic").push(span);
    (Arc::new(took), all)
}

/// Waits until it is so.
async fn until(mut is_so: impl FnMut() -> bool, what: &str) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let came = tokio::time::timeout(LIMIT, waiting).await;
    assert!(came.is_ok(), "{what}");
}
