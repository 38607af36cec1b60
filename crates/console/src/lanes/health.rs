//! How all is, in both languages.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use status::Fault;
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::refusal::Problem;
use crate::texts::Texts;

/// How all is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// Passages are recorded.
    healthy: bool,
    /// What is in the way.
    reasons: Vec<HealthReason>,
    /// This computer's clock follows a time server.
    clock_trusted: bool,
    sinks: Vec<SinkSeen>,
    backup: Option<BackupSeen>,
    /// A person has to see to the disk; null before the first look.
    disk_short: Option<bool>,
}

/// Something that is in the way.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct HealthReason {
    /// `camera`, `lane` or `site`.
    what: &'static str,
    /// Its name; empty for the site.
    name: String,
    /// Code of its state.
    state: String,
    why: Texts,
    next_step: Texts,
}

/// How a platform or broker stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SinkSeen {
    name: String,
    generated: u64,
    acknowledged: u64,
    waiting: u64,
    refused: u64,
    /// When the oldest row was made that waits.
    oldest_waiting: Option<Timestamp>,
    online: bool,
    offline_since: Option<Timestamp>,
    last_success_at: Option<Timestamp>,
    /// The last failure in the other side's words, kept after it is over.
    last_error: Option<String>,
    /// Rows wait longer than is allowed.
    late: bool,
    /// Today's share of rows that had time to arrive and did, 0 to 1; null where nobody watches it.
    rate_today: Option<f64>,
    /// That share is below its limit.
    below: bool,
}

/// How backups stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BackupSeen {
    last: Option<Timestamp>,
    overdue: bool,
    problem: Option<String>,
}

/// How all is: cameras, ledger, uploads, clock, disk and backups.
#[utoipa::path(get, path = "/api/health", responses(
    (status = 200, body = Health), (status = "4XX", body = Problem)))]
pub(crate) async fn health(State(desk): State<Desk>) -> Json<Health> {
    let status = &desk.status;
    let reasons: Vec<_> = status.faults().iter().map(reason).collect();
    Json(Health {
        healthy: reasons.is_empty(),
        reasons,
        clock_trusted: status.clock_trusted(),
        sinks: sinks(&desk),
        backup: status.backup().map(|backup| BackupSeen {
            last: backup.last,
            overdue: backup.overdue,
            problem: backup.problem,
        }),
        disk_short: status.disk().map(|disk| disk.short),
    })
}

/// Changes whenever a page should look at how all is again.
pub(crate) fn sign_of_life(desk: &Desk) -> String {
    let cameras = desk.status.cameras().into_iter();
    let cameras = cameras.map(|camera| camera.state.borrow().status.code());
    let mut sign: Vec<String> = cameras.map(str::to_owned).collect();
    sign.extend(desk.status.faults().into_iter().map(|fault| fault.name));
    let lanes = desk.status.lanes().into_iter();
    sign.extend(lanes.map(|lane| {
        let (arm, obeyed) = (lane.arm().code(), lane.barrier_obeyed());
        let display = lane.display().map(|view| view.works);
        let voice = lane.voice().map(|view| view.works);
        let hold = lane.hold().map(|hold| hold.id);
        format!("{arm}{obeyed:?}{display:?}{voice:?}{hold:?}")
    }));
    let sinks = sinks(desk).into_iter();
    sign.extend(sinks.map(|s| format!("{}{}{}{}", s.online, s.late, s.below, s.refused)));
    let disk = desk.status.disk().map(|disk| disk.short);
    let backup = desk.status.backup().map(|backup| backup.overdue);
    sign.push(format!("{disk:?}{backup:?}{}", desk.status.clock_trusted()));
    sign.join(" ")
}

fn reason(fault: &Fault) -> HealthReason {
    HealthReason {
        what: fault.of_what(),
        name: fault.name.clone(),
        state: fault.code().to_owned(),
        why: Texts::each(|language| fault.why(language).to_owned()),
        next_step: Texts::each(|language| fault.next_step(language).to_owned()),
    }
}

fn sinks(desk: &Desk) -> Vec<SinkSeen> {
    let late = desk.status.late();
    let seen = |sink: sync::SinkStatus| {
        let late = late.get(&sink.sink);
        SinkSeen {
            generated: sink.generated,
            acknowledged: sink.acknowledged,
            waiting: sink.waiting,
            refused: sink.refused,
            oldest_waiting: sink.oldest_waiting,
            online: sink.online,
            offline_since: sink.offline_since,
            last_success_at: sink.last_success_at,
            last_error: sink.last_error.map(|error| error.words),
            late: late.is_some_and(|late| late.waits),
            rate_today: late.map(|late| late.rate),
            below: late.is_some_and(|late| late.below),
            name: sink.sink,
        }
    };
    desk.status.sinks().into_iter().map(seen).collect()
}
