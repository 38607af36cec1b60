//! A camera's own digital inputs, which it tells by ONVIF when they change.

use std::time::Duration;

use line::{Backoff, Retry};
use onvif::{Account, Device, DeviceAddress, DeviceInputs, Error};
use settings::{Printer, Section};
use tokio::sync::watch;
use words::{Key, Said};

use super::poll::show;
use super::{Change, Input, InputLevels, InputsView};
use crate::onvif_device;

/// A camera that was restarted is back within a minute.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(30),
};

/// Inputs of a camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CameraInputs {
    address: DeviceAddress,
    account: Option<Account>,
    wired: Vec<Wired>,
}

/// One input and how the camera names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wired {
    input: Input,
    name: String,
    /// Its contact is closed while what it tells is *not* so.
    normally_closed: bool,
}

impl CameraInputs {
    /// Reads where it is; `closed` are the inputs with a contact that rests closed.
    pub(super) fn read(section: &Section, closed: &[Input]) -> Option<Self> {
        let device = onvif_device::read(section);
        let known = Input::ALL.into_iter();
        let wired: Vec<_> = known
            .filter_map(|input| {
                Some(Wired {
                    input,
                    name: section.text(input.code())?,
                    normally_closed: closed.contains(&input),
                })
            })
            .collect();
        if wired.is_empty() {
            let known = Input::ALL.map(Input::code).join(", ");
            section.problem("", Said::with(Key::MistakeNoInput, "known", known));
        }
        let (address, account) = device?;
        Some(Self {
            address,
            account,
            wired,
        })
    }

    pub(super) fn print(&self, printer: &mut Printer) {
        printer.value("driver", "onvif");
        printer.value("address", self.address.to_string());
        onvif_device::show(printer, self.account.as_ref());
        for wired in &self.wired {
            printer.value(wired.input.code(), wired.name.as_str());
        }
    }

    pub(super) fn closed(&self) -> Vec<Input> {
        let closed = self.wired.iter().filter(|wired| wired.normally_closed);
        closed.map(|wired| wired.input).collect()
    }

    pub(super) fn address(&self) -> (String, u16) {
        self.address.host_and_port()
    }
}

/// Listens until aborted. What an input says is not known before the camera has told it, and no longer from when
/// the camera is not heard.
pub(super) async fn follow(
    settings: CameraInputs,
    view: watch::Sender<InputsView>,
    tell: impl Fn(Change),
) {
    let mut retry = Retry::new(BACKOFF);
    loop {
        let ended = listen(&settings, &view, &tell, &mut retry).await;
        let detail = ended
            .err()
            .map_or_else(String::new, |error| error.to_string());
        show(&view, InputLevels::default(), Err(detail), &tell);
        tokio::time::sleep(retry.after_failure(1.0)).await;
    }
}

async fn listen(
    settings: &CameraInputs,
    view: &watch::Sender<InputsView>,
    tell: &impl Fn(Change),
    retry: &mut Retry,
) -> Result<(), Error> {
    let device = Device::connect(&settings.address, settings.account.as_ref()).await?;
    let mut inputs = DeviceInputs::listen(device).await?;
    let mut levels = InputLevels::default();
    loop {
        for change in inputs.changes().await? {
            let wired = settings
                .wired
                .iter()
                .find(|wired| wired.name == change.input);
            if let Some(wired) = wired {
                levels.set(wired.input, change.active != wired.normally_closed);
                show(view, levels, Ok(()), tell);
            }
        }
        retry.reset();
        show(view, levels, Ok(()), tell);
    }
}
