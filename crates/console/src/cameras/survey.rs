//! The camera check: begun from the page, one at a time, and seen when it is done.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use survey::{Examination, Grade, Judged};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use words::{Key, Said};

use crate::asked::{Named, Told};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::texts::Texts;

const LEAST_S: u16 = 5;
const MOST_S: u16 = 600;

/// The checks of each lane's camera since the start.
pub(crate) struct Surveys {
    last: Mutex<HashMap<String, Survey>>,
    /// Each needs as much of the processor as a lane.
    turn: Arc<Semaphore>,
}

impl Default for Surveys {
    fn default() -> Self {
        Self {
            last: Mutex::default(),
            turn: Arc::new(Semaphore::new(1)),
        }
    }
}

/// How long to look.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurveyAsked {
    /// 5 to 600.
    #[schema(minimum = 5, maximum = 600)]
    seconds: u16,
}

/// A check of a camera.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Survey {
    began_at: Timestamp,
    /// For how long the camera is looked at.
    seconds: u16,
    /// When it was done; null while it goes on.
    ended_at: Option<Timestamp>,
    /// Why nothing came of it.
    problem: Option<Texts>,
    /// The worst of it; null until it is done.
    grade: Option<GradeCode>,
    /// What was judged, in its order.
    judged: Vec<JudgedSeen>,
}

/// One aspect, judged.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JudgedSeen {
    grade: GradeCode,
    grade_text: Texts,
    aspect: Texts,
    /// What was measured.
    figure: Texts,
    /// What to change; null where it is good.
    advice: Option<Texts>,
}

/// How well it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Grade)]
pub(crate) enum GradeCode {
    Good,
    Unknown,
    Poor,
    Bad,
}

/// The last check of a lane's camera since the start of the service.
#[utoipa::path(get, path = "/api/cameras/{lane}/check", params(("lane" = String, Path)), responses(
    (status = 200, body = Survey), (status = "4XX", body = Problem)))]
pub(crate) async fn seen(
    State(desk): State<Desk>,
    Named(lane): Named<String>,
) -> Result<Json<Survey>, Refusal> {
    let found = desk.field.surveys.of(&lane);
    let none = || Refusal::new(StatusCode::NOT_FOUND, "no_check", Key::WebNoSurvey);
    found.map(Json).ok_or_else(none)
}

/// Looks at a lane's camera for a while, over a connection of its own; the lane goes on.
#[utoipa::path(post, path = "/api/cameras/{lane}/check", params(("lane" = String, Path)),
    request_body = SurveyAsked, responses(
    (status = 202, body = Survey), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn begin(
    State(desk): State<Desk>,
    Named(lane): Named<String>,
    Told(told): Told<SurveyAsked>,
) -> Result<(StatusCode, Json<Survey>), Refusal> {
    if !(LEAST_S..=MOST_S).contains(&told.seconds) {
        let said = Said::with(Key::WebSurveySeconds, "least", LEAST_S).and("most", MOST_S);
        return Err(Refusal::invalid(said).of("seconds"));
    }
    let works = desk.field.works()?.clone();
    if !works.lanes().iter().any(|known| known.name == lane) {
        return Err(Refusal::not_found());
    }
    let surveys = Arc::clone(&desk.field.surveys);
    let turn = Arc::clone(&surveys.turn).try_acquire_owned();
    let busy = |_| Refusal::conflict(Said::with(Key::WebSurveyBusy, "lane", surveys.going_on()));
    let turn = turn.map_err(busy)?;
    let begun = Survey::begun(told.seconds);
    surveys.keep(&lane, begun.clone());
    // It goes on when the page is closed.
    tokio::spawn(async move {
        let _turn = turn;
        let time = Duration::from_secs(told.seconds.into());
        let examined = works.survey(&lane, time).await;
        surveys.end(&lane, examined);
    });
    Ok((StatusCode::ACCEPTED, Json(begun)))
}

impl Surveys {
    fn of(&self, lane: &str) -> Option<Survey> {
        self.all().get(lane).cloned()
    }

    fn keep(&self, lane: &str, survey: Survey) {
        self.all().insert(lane.to_owned(), survey);
    }

    fn end(&self, lane: &str, examined: Result<Examination, Said>) {
        if let Some(survey) = self.all().get_mut(lane) {
            survey.end(lane, examined);
        }
    }

    /// The lane whose camera is looked at now.
    fn going_on(&self) -> String {
        let all = self.all();
        let mut going = all.iter().filter(|(_, survey)| survey.ended_at.is_none());
        going
            .next()
            .map(|(lane, _)| lane.clone())
            .unwrap_or_default()
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Survey>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Survey {
    fn begun(seconds: u16) -> Self {
        Self {
            began_at: Timestamp::now(),
            seconds,
            ended_at: None,
            problem: None,
            grade: None,
            judged: Vec::new(),
        }
    }

    fn end(&mut self, lane: &str, examined: Result<Examination, Said>) {
        self.ended_at = Some(Timestamp::now());
        match examined {
            Ok(examined) if examined.is_blind() => {
                self.problem = Some(Said::lines(examined.told(lane)).into());
            }
            Ok(examined) => {
                self.grade = Some(examined.worst().into());
                self.judged = examined.judged.into_iter().map(JudgedSeen::from).collect();
            }
            Err(said) => self.problem = Some(said.into()),
        }
    }
}

impl From<Judged> for JudgedSeen {
    fn from(judged: Judged) -> Self {
        Self {
            grade: judged.grade.into(),
            grade_text: judged.grade.key().into(),
            aspect: judged.aspect.key().into(),
            figure: judged.figure.into(),
            advice: judged.advice.map(Texts::from),
        }
    }
}

impl From<Grade> for GradeCode {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::Good => Self::Good,
            Grade::Unknown => Self::Unknown,
            Grade::Poor => Self::Poor,
            Grade::Bad => Self::Bad,
        }
    }
}
