//! Signs of life: that we are here, how much waits, and how gates and cameras are.

use std::sync::Arc;

use jiff::Timestamp;
use ledger::SinkCounters;
use serde_json::{Map, Value, json};

use super::request::Asked;
use super::talk::{AnswerMeaning, MAX_ANSWER_BYTES};
use super::{Platform, facts, form};
use crate::failure::{Failure, FailureKind};
use crate::worker::Beat;

/// How one gate is at this moment. What is not known stays so, and is sent as missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateState {
    /// Number of its entrance.
    pub entrance: String,
    /// Number of its barrier.
    pub barrier: String,
    /// Whether the barrier obeyed its last order; unknown before the first one and without a relay.
    pub barrier_works: Option<bool>,
    /// Whether every camera of its lanes shows what happens; unknown while one is being connected.
    pub cameras_work: Option<bool>,
}

/// Tells how every gate is, whenever it is asked.
pub type GateStates = Arc<dyn Fn() -> Vec<GateState> + Send + Sync>;

impl Platform {
    /// One sign of life, in as many requests as the platform wants for it.
    pub(super) async fn beat(&mut self, counters: &SinkCounters) -> Result<Beat, Failure> {
        let adapter = Arc::clone(&self.adapter);
        let beat = adapter.heartbeat.as_ref();
        let Some((operation, path)) = beat.and_then(|o| Some((o, self.talk.path("heartbeat", o)?)))
        else {
            return Ok(Beat::NotKnown);
        };
        for value in self.said(counters)? {
            let asked = Asked {
                path: path.clone(),
                operation,
                value,
                files: Vec::new(),
                answer_bytes: MAX_ANSWER_BYTES,
            };
            let said = self.talk.ask(&asked).await?;
            if self.talk.meaning(&said) != AnswerMeaning::Success {
                let words = format!("heartbeat: {}", self.talk.words(&said));
                return Err(Failure::new(FailureKind::Answer, words));
            }
        }
        Ok(Beat::Answered)
    }

    /// The value of each request.
    fn said(&self, counters: &SinkCounters) -> Result<Vec<Map<String, Value>>, Failure> {
        let unfit = |unfit: form::Unfit| Failure::new(FailureKind::Evidence, unfit.0);
        let Some(operation) = &self.adapter.heartbeat else {
            return Ok(Vec::new());
        };
        let facts = facts::beat(&self.settings, counters, Timestamp::now());
        let mut value = form::value(&self.adapter, operation, &self.zone, &facts).map_err(unfit)?;
        let Some(gates) = &operation.gates else {
            return Ok(vec![value]);
        };
        let mut each = Vec::new();
        for gate in (self.gates)() {
            let mut facts = facts.clone();
            facts.extend(of_gate(&gate));
            each.push(form::gate(&self.adapter, gates, &self.zone, &facts).map_err(unfit)?);
        }
        if let Some(list) = &gates.list_in {
            let list_of = each.into_iter().map(Value::Object).collect();
            value.insert(list.clone(), Value::Array(list_of));
            return Ok(vec![value]);
        }
        let with_gate = |gate: Map<String, Value>| value.clone().into_iter().chain(gate).collect();
        Ok(each.into_iter().map(with_gate).collect())
    }
}

fn of_gate(gate: &GateState) -> Map<String, Value> {
    let word = |works: Option<bool>, yes: &str, no: &str| {
        works.map_or(Value::Null, |works| json!(if works { yes } else { no }))
    };
    [
        ("entranceCode".to_owned(), json!(gate.entrance)),
        ("gateCode".to_owned(), json!(gate.barrier)),
        (
            "gateStatus".to_owned(),
            word(gate.barrier_works, "working", "failed"),
        ),
        (
            "cameraStatus".to_owned(),
            word(gate.cameras_work, "online", "offline"),
        ),
    ]
    .into_iter()
    .collect()
}
