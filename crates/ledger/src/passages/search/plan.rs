//! Which way to the passages: along time, or along the condition that fewest of them meet.
//!
//! SQLite's planner knows averages only, and what people look for is what is rare: one plate, the
//! few denied, the one that was refused. So each condition is counted first, up to a limit.

use plate::{PlateNumber, folded};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::{Cursor, Filter, PlatePart, UploadState};

/// Nobody counts further than this, about a millisecond; what is commoner is met soon along time.
const COMMON: i64 = 20_000;

/// A query and what goes into it.
#[derive(Debug, Default, Clone)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

/// One condition, and the index that finds what meets it.
struct Condition {
    index: Option<&'static str>,
    column: &'static str,
    rest: String,
    values: Vec<Value>,
}

impl Condition {
    fn new(column: &'static str, rest: impl Into<String>, values: Vec<Value>) -> Self {
        Self {
            index: None,
            column,
            rest: rest.into(),
            values,
        }
    }

    fn by(self, index: &'static str) -> Self {
        Self {
            index: Some(index),
            ..self
        }
    }

    /// With the plus its index is not used.
    fn sql(&self, plain: bool) -> String {
        let plus = if plain { "" } else { "+" };
        format!("{plus}{} {}", self.column, self.rest)
    }
}

/// The passages of the deliveries that wait or were refused; there are few of them.
const WAITING: &str = "SELECT passage_id FROM outbox INDEXED BY outbox_waiting
    WHERE settled_at_ms IS NULL AND +passage_id IS NOT NULL";
const REFUSED: &str = "SELECT passage_id FROM outbox INDEXED BY outbox_refused
    WHERE state = 'refused' AND +passage_id IS NOT NULL";
const DELIVERED: &str = "EXISTS (SELECT 1 FROM outbox WHERE passage_id = f.passage_id)";

pub(super) fn statement(
    from: &Connection,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> rusqlite::Result<Statement> {
    let conditions = conditions(filter);
    let time = time(filter);
    let rarest = rarest(from, &conditions, &time)?;
    let index = rarest.and_then(|at| conditions.get(at)?.index);
    let mut all = Statement::default();
    let mut parts = Vec::new();
    for (at, condition) in conditions.iter().enumerate() {
        parts.push(condition.sql(condition.index.is_none() || rarest == Some(at)));
        all.values.extend(condition.values.iter().cloned());
    }
    for condition in &time {
        parts.push(condition.sql(true));
        all.values.extend(condition.values.iter().cloned());
    }
    let (order, beyond) = if filter.oldest_first {
        ("ASC", ">")
    } else {
        ("DESC", "<")
    };
    if let Some(after) = after {
        parts.push(format!("(f.decided_at_ms, f.passage_id) {beyond} (?, ?)"));
        all.values.push(after.decided_at_ms.into());
        all.values.push(after.passage.0.into());
    }
    all.sql = "SELECT f.decided_at_ms, f.passage_id FROM passage_facts f".to_owned();
    if let Some(index) = index {
        all.sql += &format!(" INDEXED BY {index}");
    }
    if !parts.is_empty() {
        all.sql += " WHERE ";
        all.sql += &parts.join(" AND ");
    }
    all.sql += &format!(" ORDER BY f.decided_at_ms {order}, f.passage_id {order} LIMIT ?");
    all.values
        .push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    Ok(all)
}

/// The condition with an index that fewest passages of the time range meet, unless all are common.
fn rarest(
    from: &Connection,
    conditions: &[Condition],
    time: &[Condition],
) -> rusqlite::Result<Option<usize>> {
    let mut rarest = None;
    let mut fewest = COMMON;
    for (at, condition) in conditions.iter().enumerate() {
        let Some(index) = condition.index else {
            continue;
        };
        let both = std::iter::once(condition).chain(time);
        let parts: Vec<String> = both.clone().map(|c| c.sql(true)).collect();
        let values = both.flat_map(|c| c.values.iter());
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM passage_facts f INDEXED BY {index}
             WHERE {} LIMIT {fewest})",
            parts.join(" AND ")
        );
        let count: i64 = from
            .prepare_cached(&sql)?
            .query_row(params_from_iter(values), |row| row.get(0))?;
        if count < fewest {
            (rarest, fewest) = (Some(at), count.max(1));
        }
    }
    Ok(rarest)
}

fn time(filter: &Filter) -> Vec<Condition> {
    let from = filter.from.map(|at| (">= ?", at));
    let until = filter.until.map(|at| ("< ?", at));
    [from, until]
        .into_iter()
        .flatten()
        .map(|(sql, at)| Condition::new("f.decided_at_ms", sql, vec![at.as_millisecond().into()]))
        .collect()
}

fn conditions(filter: &Filter) -> Vec<Condition> {
    let mut all = Vec::new();
    if let Some(plate) = &filter.plate {
        all.push(plates(plate).by("passage_facts_plate"));
    }
    let mut equal = |column, index: Option<&'static str>, value: Option<String>| {
        if let Some(value) = value {
            let condition = Condition::new(column, "= ?", vec![value.into()]);
            all.push(Condition { index, ..condition });
        }
    };
    equal("f.entrance", None, filter.entrance.clone());
    equal("f.lane", None, filter.lane.clone());
    equal("f.direction", None, filter.direction.map(|d| d.to_string()));
    let indexed = [
        (
            "f.color",
            "passage_facts_color",
            filter.color.map(|c| c.to_string()),
        ),
        (
            "f.emission",
            "passage_facts_emission",
            filter.emission.clone(),
        ),
        ("f.fuel", "passage_facts_fuel", filter.fuel.clone()),
        (
            "f.decision",
            "passage_facts_decision",
            filter.decision.map(|d| d.to_string()),
        ),
        ("f.reason", "passage_facts_reason", filter.reason.clone()),
    ];
    for (column, index, value) in indexed {
        equal(column, Some(index), value);
    }
    match filter.unknown {
        Some(true) => all.push(Condition::new("f.known", "= 0", Vec::new())),
        Some(false) => all.push(Condition::new("f.known", "= 1", Vec::new())),
        None => {}
    }
    let among = |list: &str| {
        Condition::new("f.passage_id", format!("IN ({list})"), Vec::new()).by("passage_facts_of")
    };
    match filter.upload {
        Some(UploadState::Waiting) => all.push(among(WAITING)),
        Some(UploadState::Refused) => all.push(among(REFUSED)),
        Some(UploadState::Acknowledged) => {
            all.push(Condition::new(
                DELIVERED,
                format!("AND f.passage_id NOT IN ({WAITING}) AND f.passage_id NOT IN ({REFUSED})"),
                Vec::new(),
            ));
        }
        Some(UploadState::None) => {
            all.push(Condition::new("NOT", DELIVERED, Vec::new()));
        }
        None => {}
    }
    all
}

/// Which plates are meant, found among the plates that ever were, each of which is there once.
fn plates(plate: &PlatePart) -> Condition {
    let column = if plate.similar { "folded" } else { "plate" };
    let spellings = spellings(plate);
    let either = |one: &str, or: &str| vec![one; spellings.len()].join(or);
    let (picked, values) = if plate.whole {
        let any = either("?", ", ");
        let sql = format!("SELECT id FROM plates WHERE {column} IN ({any})");
        (sql, spellings)
    } else if spellings.iter().all(|text| text.chars().count() >= 3) {
        let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
        let quoted: Vec<String> = spellings.iter().map(quoted).collect();
        let sql = "SELECT rowid FROM plate_parts WHERE plate_parts MATCH ?";
        let wanted = format!("{column} : ({})", quoted.join(" OR "));
        (sql.to_owned(), vec![wanted])
    } else {
        let any = either(&format!("instr({column}, ?) > 0"), " OR ");
        (format!("SELECT id FROM plates WHERE {any}"), spellings)
    };
    let values = values.into_iter().map(Value::from).collect();
    Condition::new("f.plate_id", format!("IN ({picked})"), values)
}

/// As plates are stored, and as each was typed: ledgers of earlier versions hold plates as they came.
fn spellings(plate: &PlatePart) -> Vec<String> {
    let both = |text: &str| {
        [
            PlateNumber::normalise(text).to_string(),
            text.to_uppercase(),
        ]
    };
    let mut spellings: Vec<_> = plate.each().flat_map(both).collect();
    if plate.similar {
        spellings = spellings.iter().map(|text| folded(text)).collect();
    }
    spellings.dedup();
    spellings
}
