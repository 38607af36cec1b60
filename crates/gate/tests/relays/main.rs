//! Drivers of barriers with a contact, over their real wires.

mod board;
mod contact;
mod inputs;
mod passages;
mod usb;

use std::path::Path;
use std::time::Duration;

use gate::{Actuation, Alarm, Barrier, BarrierSettings, InputsSettings, Lift};

/// Longest wait of a test for anything.
const LIMIT: Duration = Duration::from_secs(20);

fn lift(passage: &str) -> Lift {
    Lift {
        passage: passage.into(),
        entrance: "A".into(),
        barrier: "01".into(),
        lane: "north-in".into(),
        plate: "冀A12345".into(),
    }
}

/// The settings of this `[relay]`, as a site writes them.
fn relay(keys: &str) -> BarrierSettings {
    let text = format!("[relay]\n{keys}");
    let document = settings::Document::parse(&text).expect("TOML");
    let read = document.read(Path::new("/"), |root| {
        root.table("relay", BarrierSettings::read)
    });
    read.expect("right").expect("there")
}

/// The settings of these `[inputs]`, as a site writes them.
fn inputs(keys: &str) -> InputsSettings {
    let text = format!("[inputs]\n{keys}");
    let document = settings::Document::parse(&text).expect("TOML");
    let read = document.read(Path::new("/"), |root| {
        root.table("inputs", InputsSettings::read)
    });
    read.expect("right").expect("there")
}

async fn raise(barrier: &dyn Barrier) -> Result<Actuation, Alarm> {
    barrier.raise(&lift("1")).await
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
