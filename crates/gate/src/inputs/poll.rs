//! Reads inputs again and again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_modbus::{Request, Response};

use super::camera;
use super::section::{InputsSettings, ModbusInputs, Source};
use super::{Change, Input, InputLevels, InputsView, InputsWatch};
use crate::BarrierProblem;
use crate::modbus::Bus;

/// A device that does not answer is asked less often: it keeps others on its line waiting.
const SLOW: Duration = Duration::from_secs(2);
/// One lost answer is no outage.
const PATIENCE: Duration = Duration::from_secs(1);

impl InputsSettings {
    /// Begins to read, within a Tokio runtime. `tell` hears every change, from the reading task, and must
    /// return at once.
    ///
    /// # Errors
    /// When their line is set otherwise in another place.
    pub(super) fn start(
        &self,
        tell: impl Fn(Change) + Send + Sync + 'static,
    ) -> Result<InputsWatch, Vec<BarrierProblem>> {
        let (view, watched) = watch::channel(InputsView::default());
        let task = match self.source.clone() {
            Source::Camera(inputs) => tokio::spawn(camera::follow(inputs, view, tell)),
            Source::Modbus(inputs) => {
                let bus = Bus::shared(&inputs.device.line, inputs.device.framing);
                let bus = bus.map_err(|why| vec![BarrierProblem { key: "port", why }])?;
                tokio::spawn(follow(inputs, bus, view, tell))
            }
        };
        Ok(InputsWatch {
            view: watched,
            rises_within: self.rises_within,
            task,
        })
    }
}

async fn follow(
    settings: ModbusInputs,
    bus: Arc<Bus>,
    view: watch::Sender<InputsView>,
    tell: impl Fn(Change),
) {
    let mut answered = Instant::now();
    loop {
        let read = read(&settings, &bus).await;
        let pause = match read {
            Ok(inputs) => {
                answered = Instant::now();
                show(&view, inputs, Ok(()), &tell);
                settings.poll
            }
            Err(detail) if answered.elapsed() > PATIENCE.max(settings.poll * 3) => {
                show(&view, InputLevels::default(), Err(detail), &tell);
                SLOW
            }
            Err(_) => settings.poll,
        };
        tokio::time::sleep(pause).await;
    }
}

pub(super) fn show(
    view: &watch::Sender<InputsView>,
    inputs: InputLevels,
    answer: Result<(), String>,
    tell: &impl Fn(Change),
) {
    let answers = Some(answer.is_ok());
    let detail = answer.err().unwrap_or_default();
    let before = view.borrow().clone();
    if before.answers != answers {
        if detail.is_empty() {
            tracing::info!("the barrier's inputs answer");
        } else {
            tracing::error!(
                detail,
                "the barrier's inputs do not answer: where the arm is is not known"
            );
        }
    }
    // Whoever sees the new state finds its changes told.
    for input in Input::ALL {
        let (was, is) = (before.inputs.level(input), inputs.level(input));
        if was != is {
            tell((input, is, was));
        }
    }
    view.send_if_modified(|shown| {
        let now = InputsView {
            inputs,
            answers,
            detail,
        };
        let changed = *shown != now;
        *shown = now;
        changed
    });
}

async fn read(settings: &ModbusInputs, bus: &Bus) -> Result<InputLevels, String> {
    let (first, count) = settings.span();
    let request = match settings.coils {
        true => Request::ReadCoils(first, count),
        false => Request::ReadDiscreteInputs(first, count),
    };
    let device = &settings.device;
    let answer = bus.ask(device.unit, request, device.timeout).await;
    let levels = match answer.map_err(|error| error.to_string())? {
        Response::ReadCoils(levels) | Response::ReadDiscreteInputs(levels) => levels,
        other => return Err(format!("the device answers for something else: {other:?}")),
    };
    let mut inputs = InputLevels::default();
    for wired in &settings.wired {
        let at = usize::from(wired.number - first);
        let level = levels.get(at).ok_or("the device answers with too few")?;
        inputs.set(wired.input, *level != wired.normally_closed);
    }
    Ok(inputs)
}
