//! The board at the gate: the enterprise, who answers, who maintains, what is in force.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::time;
use ledger::Reader;
use passage::{RecordId, Register};
use serde::Serialize;
use utoipa::ToSchema;
use words::Key;

use super::control::{self, Control};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};

/// All that stands on the board.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Board {
    title: String,
    clock: String,
    night: bool,
    control: Control,
    control_label: String,
    /// Facts with their names.
    facts: Vec<Fact>,
    /// What holds now, by the site's plan and in the platforms' words.
    measures: Vec<Fact>,
    measures_title: String,
}

/// One line of the board.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fact {
    label: String,
    value: String,
}

/// The board: nothing but what the site puts up at its gate.
#[utoipa::path(get, path = "/api/board", responses(
    (status = 200, body = Board), (status = "4XX", body = Problem)))]
pub(crate) async fn board(State(desk): State<Desk>) -> Result<Json<Board>, Refusal> {
    if !desk.settings.screens.public {
        return Err(Refusal::not_found());
    }
    let language = desk.site.language;
    let enterprise = desk
        .readers
        .read(|reader: &Reader| reader.records(Register::Enterprise, RecordId(0), 1))
        .await?
        .pop();
    let item = |name: &str| {
        let record = enterprise.as_ref()?;
        let text = record.text(name)?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    let mut facts = Vec::new();
    let mut fact = |key: Key, items: &[&str]| {
        let values: Vec<_> = items.iter().filter_map(|name| item(name)).collect();
        if !values.is_empty() {
            facts.push(Fact {
                label: language.text(key).to_owned(),
                value: values.join("  "),
            });
        }
    };
    fact(Key::BoardEnterprise, &["enterpriseName"]);
    fact(Key::BoardAddress, &["address"]);
    fact(Key::BoardContact, &["contactName", "contactPhone"]);
    let maintainer = ["maintainerName", "maintainerPerson", "maintainerPhone"];
    fact(Key::BoardMaintainer, &maintainer);
    let persons = desk.settings.screens.persons.iter();
    facts.extend(persons.map(|line| {
        let (label, value) = line.split_once([':', '\u{ff1a}']).unwrap_or(("", line));
        Fact {
            label: label.trim().to_owned(),
            value: value.trim().to_owned(),
        }
    }));
    let control = control::now(&desk).await?;
    let now = Timestamp::now().to_zoned(desk.site.zone.clone());
    Ok(Json(Board {
        title: desk.site.name.clone(),
        clock: now.strftime("%H:%M").to_string(),
        night: now.time() < time(6, 30, 0, 0) || now.time() >= time(18, 30, 0, 0),
        control_label: language.text(Key::ScreenControl).to_owned(),
        measures: measures(&desk, &control),
        measures_title: language.text(Key::BoardMeasures).to_owned(),
        control: Control::clone(&control),
        facts,
    }))
}

fn measures(desk: &Desk, control: &Control) -> Vec<Fact> {
    let language = desk.site.language;
    let mut all = Vec::new();
    let mut add = |key: Key, value: &str| {
        if !value.is_empty() {
            all.push(Fact {
                label: language.text(key).to_owned(),
                value: value.to_owned(),
            });
        }
    };
    if let Some(place) = control.place() {
        let own = &desk.settings.screens.measures[place];
        add(Key::BoardVehicles, &own.vehicles);
        add(Key::BoardMachinery, &own.machinery);
    }
    for words in &control.measures {
        add(Key::BoardPlatform, words);
    }
    all
}
