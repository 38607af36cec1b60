//! What waits for a person.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use passage::GuardTask;
use reports::OpenTasks;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Passage;
use crate::codes::TaskCode;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// What waits for a person, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tasks {
    tasks: Vec<Task>,
    /// There are more than these.
    more: bool,
}

/// One thing that waits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Task {
    #[schema(value_type = TaskCode)]
    kind: GuardTask,
    passage: Passage,
}

/// What waits for a person, the newest first.
#[utoipa::path(get, path = "/api/tasks", responses(
    (status = 200, body = Tasks), (status = "4XX", body = Problem)))]
pub(crate) async fn tasks(State(desk): State<Desk>) -> Result<Json<Tasks>, Refusal> {
    let now = Timestamp::now();
    let look = move |reader: &ledger::Reader| OpenTasks::of(reader, now);
    let open = desk.readers.read(look).await?;
    let task = |open: &reports::OpenTask| Task {
        kind: open.kind,
        passage: Passage::of(&open.passage, &desk.site.zone),
    };
    Ok(Json(Tasks {
        more: open.more,
        tasks: open.tasks.iter().map(task).collect(),
    }))
}
