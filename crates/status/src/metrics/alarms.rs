//! Figures of alarms.

use std::fmt::Write as _;

use alarm::CauseKind;
use notify::ReceiverStatus;

use super::head;
use crate::Status;

/// How many are open of each kind; drills are none.
pub(super) fn alarms(out: &mut String, status: &Status) {
    let name = "alarms_open";
    head(out, name, "gauge", "Alarms that are not over, drills apart");
    let open = status.alarms();
    for kind in CauseKind::ALL {
        let of_kind = open
            .iter()
            .filter(|alarm| !alarm.drill && alarm.cause.kind == *kind);
        let count = of_kind.count();
        let _ = writeln!(out, "menjin_{name}{{kind=\"{kind}\"}} {count}");
    }
}

/// How far whoever is told of alarms and passages is.
pub(super) fn receivers(out: &mut String, status: &Status) {
    let receivers = status.receivers();
    type Figure = (
        &'static str,
        &'static str,
        &'static str,
        fn(&ReceiverStatus) -> u64,
    );
    let figures: [Figure; 3] = [
        (
            "notify_taken_total",
            "counter",
            "Messages that a receiver took",
            |r| r.taken,
        ),
        (
            "notify_refused_total",
            "counter",
            "Messages that a receiver refused",
            |r| r.refused,
        ),
        (
            "notify_failing",
            "gauge",
            "1 while a receiver can't be told",
            |r| u64::from(r.failing.is_some()),
        ),
    ];
    for (name, kind, help, value) in figures {
        head(out, name, kind, help);
        for receiver in &receivers {
            let _ = writeln!(
                out,
                "menjin_{name}{{receiver=\"{}\"}} {}",
                receiver.name,
                value(receiver)
            );
        }
    }
}
