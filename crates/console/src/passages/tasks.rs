//! What waits for a person.

use axum::Json;
use axum::extract::State;
use ledger::Filter;
use passage::GuardTask;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::Passage;
use crate::codes::TaskCode;
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// A guard does one after the other.
const MOST: usize = 100;

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
    let filter = Filter {
        unknown: Some(true),
        ..Filter::default()
    };
    let page = desk
        .readers
        .read(move |reader| reader.search(&filter, None, MOST));
    let page = page.await?;
    let task = |view| {
        Some(Task {
            kind: passage::PassageView::task(view)?,
            passage: Passage::of(view, &desk.site.zone),
        })
    };
    Ok(Json(Tasks {
        tasks: page.passages.iter().filter_map(task).collect(),
        more: page.next.is_some(),
    }))
}
