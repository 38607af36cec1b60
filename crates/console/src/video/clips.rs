//! Clips: video of one event that is kept apart, shown with what it is of, and one more by a person's wish.

use std::path::PathBuf;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use jiff::Timestamp;
use ledger::KeptClips;
use orders::Order;
use passage::{ClipHole, ClipId, ClipKind, ClipState, ClipView, LiftId, PassageId};
use serde::Serialize;
use utoipa::ToSchema;
use words::Group;

use super::play::{self, PlayAsked, Played};
use crate::asked::{Asked, Named};
use crate::codes::{ClipKindCode, ClipStateCode};
use crate::desk::Desk;
use crate::refusal::{Problem, Refusal};
use crate::session::Person;
use crate::texts::Texts;

/// The clips of something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Clips {
    /// Of a passage its own, and that of the lift by which it got through.
    clips: Vec<Clip>,
    /// One is to be cut yet: a minute or two after the event.
    waits: bool,
}

/// A clip, or that there is none and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Clip {
    id: i64,
    /// What it is of.
    #[schema(value_type = ClipKindCode)]
    kind: ClipKind,
    /// The number of the passage, lift or alarm.
    subject: i64,
    /// The same in words.
    of: Texts,
    lane: String,
    /// From when on it was wanted.
    from: Timestamp,
    until: Timestamp,
    #[schema(value_type = ClipStateCode)]
    state: ClipState,
    /// The same in words, also where its time is over.
    state_text: Texts,
    missing: Vec<ClipGap>,
    /// Those that can be played: a second one where the coding changed on the way, none where nothing was recorded or
    /// its time is over.
    files: Vec<ClipPart>,
}

/// A time of a clip that was not recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClipGap {
    from: Timestamp,
    until: Timestamp,
    /// Why, in words.
    text: Texts,
}

/// A file of a clip.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClipPart {
    /// For its address.
    number: usize,
    /// What it is called: time, entrance, barrier, plate, and what it is of.
    name: String,
    /// When its first picture was taken.
    from: Timestamp,
    until: Timestamp,
    bytes: u64,
    sha256: String,
    /// How it is coded, by RFC 6381.
    coding: String,
}

impl Clip {
    pub(crate) fn of(view: &ClipView) -> Self {
        let clip = &view.clip;
        let subject = clip.of.subject;
        let state = view.removed.map_or(clip.state.as_str(), |_| "removed");
        let files = clip.files.iter().enumerate();
        let files = files.filter(|_| view.removed.is_none());
        Self {
            id: view.id.0,
            kind: clip.of.kind,
            subject,
            of: Texts::each(|language| {
                let values: [(&str, &dyn std::fmt::Display); 1] = [("subject", &subject)];
                language.named_with(Group::ClipKind, clip.of.kind.as_str(), &values)
            }),
            lane: clip.lane.clone(),
            from: clip.from,
            until: clip.until,
            state: clip.state,
            state_text: Texts::named(Group::ClipState, state),
            missing: clip.missing.iter().map(ClipGap::of).collect(),
            files: files.map(|(at, file)| ClipPart::of(at, file)).collect(),
        }
    }
}

impl ClipGap {
    fn of(hole: &ClipHole) -> Self {
        Self {
            from: hole.from,
            until: hole.until,
            text: Texts::named(Group::VideoGap, &hole.reason),
        }
    }
}

impl ClipPart {
    fn of(at: usize, file: &passage::ClipFile) -> Self {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        Self {
            number: at + 1,
            name: name.to_owned(),
            from: file.from,
            until: file.until,
            bytes: file.size_bytes,
            sha256: file.sha256.clone(),
            coding: file.coding.clone(),
        }
    }
}

impl Clips {
    fn of(found: &KeptClips) -> Self {
        Self {
            clips: found.clips.iter().map(Clip::of).collect(),
            waits: found.waits,
        }
    }
}

/// The clips of a passage.
#[utoipa::path(get, path = "/api/passages/{id}/clips", params(("id" = i64, Path)), responses(
    (status = 200, body = Clips), (status = "4XX", body = Problem)))]
pub(crate) async fn clips_of_passage(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Json<Clips>, Refusal> {
    looked_up(&desk, PassageId(id)).await
}

/// The clip of a lift: also of one after which nothing came.
#[utoipa::path(get, path = "/api/lifts/{id}/clips", params(("id" = i64, Path)), responses(
    (status = 200, body = Clips), (status = "4XX", body = Problem)))]
pub(crate) async fn clips_of_lift(
    State(desk): State<Desk>,
    Named(id): Named<i64>,
) -> Result<Json<Clips>, Refusal> {
    let look = move |reader: &ledger::Reader| reader.clips_of_lift(LiftId(id));
    let found = desk.readers.read(look).await?;
    Ok(Json(Clips::of(&found)))
}

/// Has the video of a passage kept apart, in the name of the person who is signed in.
#[utoipa::path(post, path = "/api/passages/{id}/clips", params(("id" = i64, Path)), responses(
    (status = 200, body = Clips), (status = "4XX", body = Problem),
    (status = "5XX", body = Problem)))]
pub(crate) async fn keep_clip(
    State(desk): State<Desk>,
    by: Person,
    Named(id): Named<i64>,
) -> Result<Json<Clips>, Refusal> {
    let passage = PassageId(id);
    let look = move |reader: &ledger::Reader| reader.passage(passage);
    if desk.readers.read(look).await?.is_none() {
        return Err(Refusal::not_found());
    }
    let who = by.name;
    desk.order(Order::KeepClip { passage, who }).await?;
    looked_up(&desk, passage).await
}

async fn looked_up(desk: &Desk, id: PassageId) -> Result<Json<Clips>, Refusal> {
    let look = move |reader: &ledger::Reader| reader.clips_of_passage(id);
    let found = desk.readers.read(look).await?;
    Ok(Json(Clips::of(&found)))
}

/// A file of a clip: an MP4, whole or in ranges of bytes. It is named by its clip and its place in it: no path comes
/// from outside.
#[utoipa::path(get, path = "/api/clips/{id}/files/{number}",
    params(("id" = i64, Path), ("number" = usize, Path), PlayAsked), responses(
    (status = 200, content_type = "video/mp4", body = [u8]), (status = 206), (status = 304),
    (status = "4XX", body = Problem), (status = 501, body = Problem)))]
pub(crate) async fn clip_file(
    State(desk): State<Desk>,
    Named((id, number)): Named<(i64, usize)>,
    Asked(asked): Asked<PlayAsked>,
    request: Request,
) -> Result<Response, Refusal> {
    let look = move |reader: &ledger::Reader| reader.clip(ClipId(id));
    let found = desk.readers.read(look).await?;
    let there = found.filter(|clip| clip.removed.is_none());
    let files = there.map_or_else(Vec::new, |clip| clip.clip.files);
    let file = number.checked_sub(1).and_then(|at| files.get(at));
    let path = PathBuf::from(&file.ok_or_else(Refusal::not_found)?.path);
    let folders = desk.video(|index| index.folders()).await?;
    let mut there = folders.iter().map(|root| root.join(&path));
    let file = there.find(|file| file.is_file());
    let file = file.ok_or_else(Refusal::not_found)?;
    play::answer(&desk, Played::Clip(id, number), file, &asked, request).await
}
