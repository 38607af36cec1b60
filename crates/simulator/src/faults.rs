//! How the platform misbehaves on request.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The endpoints that can misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Endpoint {
    /// Log-in.
    GetToken,
    /// Sign of life.
    HeartBeat,
    /// One row of the in/out ledger with its photos.
    Passage,
    /// How a passage ended that was sent before its end.
    PassageEnd,
    /// A photo that follows its record.
    Photo,
    /// Cargo that follows its record.
    Goods,
    /// A row of a register.
    Record,
    /// Over-limit vehicles, to be fetched.
    ExceedVehicle,
    /// Control strategies, to be fetched.
    BasStrategy,
    /// A strategy is confirmed.
    StrategyConfirm,
    /// An entry of the over-limit list is confirmed or contested.
    ExceedConfirm,
    /// Violating passages, to be fetched.
    AlarmVehicle,
}

/// What to answer instead of the truth.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultAnswer {
    /// Whatever is right.
    #[default]
    AsUsual,
    /// HTTP 200 and the code for wrong data; nothing is kept.
    RefuseData,
    /// HTTP 200 and any code and message; nothing is kept.
    ErrorBody {
        /// The `code` of the answer.
        code: String,
        /// The `msg` of the answer.
        msg: String,
    },
    /// Only an HTTP status and a page of text, as a proxy in between would answer.
    HttpStatus {
        /// 100 to 999; anything else becomes 500.
        status: u16,
    },
    /// The last honest answer again, whatever is asked; nothing is kept.
    RepeatLast,
    /// Cut the connection before looking at the request.
    DropBeforeKeeping,
    /// Keep the passage, then cut the connection without an answer.
    DropAfterKeeping,
    /// HTTP 200 and a body that is not JSON.
    NotJson,
    /// HTTP 200, `application/json`, and exactly this.
    Verbatim {
        /// The body.
        body: String,
    },
    /// HTTP 200, `text/html`, and a login page where JSON should be.
    WrongContentType,
    /// HTTP 200 and an endless-looking JSON body.
    HugeBody {
        /// How long it is.
        bytes: usize,
    },
}

/// How to misbehave, to whom, and how often.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Wait before the request is looked at.
    pub delay_ms: u64,
    /// Wait after it was kept, before it is answered.
    pub delay_answer_ms: u64,
    /// What to answer.
    pub answer: FaultAnswer,
    /// Only on this endpoint; otherwise on all.
    pub endpoint: Option<Endpoint>,
    /// Only for passages of this plate.
    pub plate: Option<String>,
    /// Only for so many requests, then behave again.
    pub times: Option<u32>,
}

impl Faults {
    /// Whether some request will still be answered otherwise than right.
    #[must_use]
    pub fn misbehaves(&self) -> bool {
        let differs = self.answer != FaultAnswer::AsUsual;
        let waits = self.delay_ms > 0 || self.delay_answer_ms > 0;
        (differs || waits) && self.times != Some(0)
    }
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan(Mutex<Faults>);

impl FaultPlan {
    pub(crate) fn set(&self, faults: Faults) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    pub(crate) fn get(&self) -> Faults {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The faults for one request, counting it; the default ones when it is to be left alone.
    pub(crate) fn take(&self, endpoint: Endpoint, plate: Option<&str>) -> Faults {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let meant = faults.endpoint.is_none_or(|e| e == endpoint)
            && faults.plate.as_deref().is_none_or(|p| Some(p) == plate)
            && faults.times != Some(0);
        if !meant {
            return Faults::default();
        }
        if let Some(left) = &mut faults.times {
            *left -= 1;
        }
        faults.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_hit_only_whom_they_are_meant_for_and_so_often_as_told() {
        let plan = FaultPlan::default();
        plan.set(Faults {
            answer: FaultAnswer::NotJson,
            endpoint: Some(Endpoint::Passage),
            plate: Some("云A12345".to_owned()),
            times: Some(1),
            ..Faults::default()
        });
        assert_eq!(
            plan.take(Endpoint::HeartBeat, None).answer,
            FaultAnswer::AsUsual
        );
        assert_eq!(
            plan.take(Endpoint::Passage, Some("云A54321")).answer,
            FaultAnswer::AsUsual
        );
        assert_eq!(
            plan.take(Endpoint::Passage, Some("云A12345")).answer,
            FaultAnswer::NotJson
        );
        assert_eq!(
            plan.take(Endpoint::Passage, Some("云A12345")).answer,
            FaultAnswer::AsUsual
        );
    }

    #[test]
    fn a_fault_that_is_used_up_is_none() {
        let plan = FaultPlan::default();
        assert!(!plan.get().misbehaves());
        plan.set(Faults {
            answer: FaultAnswer::RefuseData,
            times: Some(1),
            ..Faults::default()
        });
        assert!(plan.get().misbehaves());
        plan.take(Endpoint::Passage, None);
        assert!(!plan.get().misbehaves());
        plan.set(Faults {
            delay_ms: 5,
            ..Faults::default()
        });
        assert!(plan.get().misbehaves());
    }

    #[test]
    fn a_misspelt_fault_is_an_error_and_not_a_polite_platform() {
        assert!(serde_json::from_str::<Faults>(r#"{"delay": 5}"#).is_err());
        let faults: Faults =
            serde_json::from_str(r#"{"answer": {"kind": "http_status", "status": 503}}"#)
                .expect("the documented form");
        assert_eq!(faults.answer, FaultAnswer::HttpStatus { status: 503 });
    }
}
