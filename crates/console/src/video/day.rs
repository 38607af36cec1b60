//! What there is of a lane's video: since when, and of a day each file and what is missing.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use recorder::{Gap, VideoRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use words::Group;

use crate::asked::{Asked, Named};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::texts::Texts;

/// Lanes that there is video of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recorded {
    lanes: Vec<RecordedLane>,
}

/// A lane that there is video of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedLane {
    lane: String,
    /// Empty for a lane that the configuration has no more.
    entrance: String,
    /// When the oldest video begins; null when all of it is gone.
    oldest: Option<Timestamp>,
}

/// A day, by the site's calendar.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DayAsked {
    /// `2026-11-30`; today without it.
    #[param(value_type = Option<String>)]
    day: Option<String>,
}

/// The video of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VideoDay {
    lane: String,
    /// When the day begins at the site.
    from: Timestamp,
    /// When it ends.
    until: Timestamp,
    /// Files that can be played, in the order of recording; about a minute each.
    files: Vec<VideoFile>,
    gaps: Vec<VideoGap>,
}

/// A file that can be played.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VideoFile {
    id: i64,
    /// When its first picture was taken.
    from: Timestamp,
    /// When its last picture ends.
    until: Timestamp,
    /// How it is coded, by RFC 6381: `avc1.64001f`.
    coding: String,
}

/// Why there is no video, or none that can be relied upon.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VideoGap {
    from: Timestamp,
    /// Null while it lasts.
    until: Option<Timestamp>,
    /// Code: `camera_away`, `service_stopped`, `disk_full`, …
    reason: &'static str,
    /// The same in words.
    text: Texts,
    /// Nothing was kept meanwhile.
    is_hole: bool,
}

/// Lanes that there is video of, and since when.
#[utoipa::path(get, path = "/api/video", responses(
    (status = 200, body = Recorded), (status = "4XX", body = Problem)))]
pub(crate) async fn recorded(State(desk): State<Desk>) -> Result<Json<Recorded>, Refusal> {
    let ask = |index: &recorder::VideoIndex| {
        let names = index.cameras()?.into_iter();
        let each = names.map(|lane| {
            let oldest = index.seek(&lane, Timestamp::UNIX_EPOCH)?;
            Ok((lane, oldest.map(|video| video.start)))
        });
        each.collect::<Result<Vec<_>, recorder::Error>>()
    };
    let found = desk.video(ask).await?;
    let lanes = found.into_iter().map(|(lane, oldest)| {
        let place = desk.site.lanes.iter().find(|place| place.lane == lane);
        let entrance = place.map_or_else(String::new, |place| place.entrance.clone());
        RecordedLane {
            lane,
            entrance,
            oldest,
        }
    });
    Ok(Json(Recorded {
        lanes: lanes.collect(),
    }))
}

/// A day of a lane's video.
#[utoipa::path(get, path = "/api/video/{lane}", params(("lane" = String, Path), DayAsked), responses(
    (status = 200, body = VideoDay), (status = "4XX", body = Problem)))]
pub(crate) async fn day(
    State(desk): State<Desk>,
    Named(lane): Named<String>,
    Asked(asked): Asked<DayAsked>,
) -> Result<Json<VideoDay>, Refusal> {
    let (from, until) = day_of(&desk, asked.day.as_deref())?;
    let name = lane.clone();
    let span = desk
        .video(move |index| index.span(&name, from, until))
        .await?;
    let there = span.videos.iter().filter(|video| video.gone.is_none());
    Ok(Json(VideoDay {
        lane,
        from,
        until,
        files: there.map(VideoFile::of).collect(),
        gaps: span.gaps.iter().map(VideoGap::of).collect(),
    }))
}

/// Beginning and end of a day at the site.
fn day_of(desk: &Desk, text: Option<&str>) -> Result<(Timestamp, Timestamp), Refusal> {
    let at = text.map_or_else(|| Ok(Timestamp::now()), |text| desk.moment(text, "day"))?;
    let begin = at.to_zoned(desk.site.zone.clone()).start_of_day();
    let span = begin.and_then(|begin| Ok((begin.timestamp(), begin.tomorrow()?.timestamp())));
    span.map_err(|error| Refusal::failed(&error))
}

impl VideoFile {
    fn of(row: &VideoRow) -> Self {
        Self {
            id: row.id,
            from: row.start,
            until: row.end(),
            coding: row.coding.clone(),
        }
    }
}

impl VideoGap {
    fn of(gap: &Gap) -> Self {
        Self {
            from: gap.from,
            until: gap.until,
            reason: gap.reason.code(),
            text: Texts::named(Group::VideoGap, gap.reason.code()),
            is_hole: gap.reason.is_hole(),
        }
    }
}
