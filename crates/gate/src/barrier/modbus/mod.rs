//! A relay that is switched over Modbus: a coil or a register of a board, a PLC, a barrier's controller.
//!
//! When an order is said again stands at [`super::contact`]: a coil that we open again may be closed twice,
//! for closing what is closed moves nothing; a board that ends its pulse by itself may not.

use std::sync::Arc;
use std::time::Duration;

use settings::Printer;
use tokio_modbus::{ExceptionCode, Request, Response};

use super::contact::{Contact, Done, Switch, SwitchFailure, Switching};
use super::driver::{BarrierProblem, Driver, DriverSettings};
use super::{Action, AlarmKind, Barrier, Ending, Lift};
use crate::modbus::{Bus, BusError};

mod section;

use section::{ModbusRelaySettings, Output};

pub(super) const DRIVER: Driver = Driver {
    name: "modbus",
    read: |section| Some(Arc::new(ModbusRelaySettings::read(section)?)),
};

/// A driver for a relay on a Modbus line.
struct ModbusRelay {
    contact: Contact<ModbusSwitch>,
    patience: Duration,
}

/// One output of a device.
struct ModbusSwitch {
    bus: Arc<Bus>,
    settings: ModbusRelaySettings,
}

impl DriverSettings for ModbusRelaySettings {
    fn show(&self, printer: &mut Printer) {
        self.print(printer);
    }

    fn address(&self) -> Option<(String, u16)> {
        self.device.address()
    }

    fn open(&self) -> Result<Arc<dyn Barrier>, Vec<BarrierProblem>> {
        let bus = Bus::shared(&self.device.line, self.device.framing);
        let bus = bus.map_err(|why| vec![BarrierProblem { key: "port", why }])?;
        let switch = ModbusSwitch {
            bus,
            settings: self.clone(),
        };
        Ok(Arc::new(ModbusRelay {
            contact: Contact::new(switch, self.pulse),
            patience: self.pulse.total,
        }))
    }
}

impl Barrier for ModbusRelay {
    fn raise<'a>(&'a self, _lift: &'a Lift) -> Action<'a> {
        Box::pin(self.contact.close_once())
    }

    fn begin(&self) -> Ending<'_> {
        Box::pin(self.contact.open_later(Duration::ZERO))
    }

    fn settle(&self) -> Ending<'_> {
        Box::pin(self.contact.settle())
    }

    fn patience(&self) -> Duration {
        self.patience
    }
}

impl Switch for ModbusSwitch {
    fn set(&self, closed: bool) -> Switching<'_> {
        Box::pin(async move {
            let output = self.settings.output;
            let device = &self.settings.device;
            let asked = self
                .bus
                .ask(device.unit, output.request(closed), device.timeout);
            match asked.await {
                Ok(answer) if output.is_done(&answer, closed) => Ok(()),
                Ok(answer) => Err(SwitchFailure {
                    kind: AlarmKind::Unanswered,
                    detail: format!("the device answers for something else: {answer:?}"),
                    done: Done::Perhaps,
                }),
                Err(error) => Err(failure(&error)),
            }
        })
    }
}

impl Output {
    fn request(self, closed: bool) -> Request<'static> {
        match self {
            Self::Coil { number } => Request::WriteSingleCoil(number, closed),
            Self::Register { number, on, off } => {
                Request::WriteSingleRegister(number, if closed { on } else { off })
            }
        }
    }

    /// Whether the answer repeats the request, as it has to.
    fn is_done(self, answer: &Response, closed: bool) -> bool {
        match (self.request(closed), answer) {
            (Request::WriteSingleCoil(n, to), Response::WriteSingleCoil(m, is)) => {
                n == *m && to == *is
            }
            (Request::WriteSingleRegister(n, to), Response::WriteSingleRegister(m, is)) => {
                n == *m && to == *is
            }
            _ => false,
        }
    }
}

/// What the exception says of the order (Modbus application protocol V1.1b3, 7).
fn failure(error: &BusError) -> SwitchFailure {
    use ExceptionCode as Code;
    let (kind, done) = match error {
        BusError::NotSent(_) => (AlarmKind::Unreachable, Done::NotYet),
        BusError::Silent(_) => (AlarmKind::TimedOut, Done::Perhaps),
        BusError::Odd(_) => (AlarmKind::Unanswered, Done::Perhaps),
        BusError::Exception(code) => match code {
            Code::IllegalFunction | Code::IllegalDataAddress | Code::IllegalDataValue => {
                (AlarmKind::Refused, Done::Never)
            }
            Code::ServerDeviceBusy => (AlarmKind::Refused, Done::NotYet),
            Code::GatewayPathUnavailable => (AlarmKind::Unreachable, Done::NotYet),
            // It failed while it did it, or a gateway does not know what the device did.
            _ => (AlarmKind::Unanswered, Done::Perhaps),
        },
    };
    SwitchFailure {
        kind,
        detail: error.to_string(),
        done,
    }
}
