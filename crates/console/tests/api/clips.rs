//! Clips on the page: shown with their passage and alarm, played, and asked for by who may.

use alarm::{Cause, CauseKind};
use jiff::Timestamp;
use ledger::Writer;
use passage::{ClipFile, ClipHole, ClipState, NewClip, WantedClip};
use recorder::{VideoDisks, VideoIndex};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Gate, refused};

const BYTES: &[u8] = b"an MP4, as far as this page knows";
const PATH: &str = "@clips/2026-12-01/20261201-085900_A_01_p1.mp4";

async fn write<T: Send + 'static>(
    gate: &Gate,
    job: impl FnOnce(&mut Writer) -> ledger::Result<T> + Send + 'static,
) -> T {
    gate.ledger.write(job).await.unwrap()
}

fn cut(wanted: &WantedClip) -> NewClip {
    NewClip {
        of: wanted.of,
        lane: wanted.lane.clone(),
        from: wanted.from,
        until: wanted.until,
        state: ClipState::Partly,
        missing: vec![ClipHole {
            from: wanted.from,
            until: wanted.at,
            reason: "camera_away".to_owned(),
        }],
        files: vec![ClipFile {
            path: PATH.to_owned(),
            sha256: "a".repeat(64),
            size_bytes: BYTES.len() as u64,
            from: wanted.at,
            until: wanted.until,
            pictures: 1500,
            coding: "avc1.64001f".to_owned(),
        }],
    }
}

async fn cut_all(gate: &Gate) {
    write(gate, |writer| {
        writer.want_clips(&["north-in".to_owned()], Timestamp::now())?;
        for wanted in writer.wanted_clips(10)? {
            writer.keep_clip(&cut(&wanted), Timestamp::now())?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_guard_has_the_video_of_a_record_kept_and_an_inspector_sees_and_takes_it() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    let truck = gate.truck("苏A12345", true).await;
    let path = format!("/api/passages/{truck}/clips");
    let none = json!({});
    let unrecorded = refused(guard.post(&path, &none).await).await;
    assert_eq!(unrecorded, (400, "invalid".to_owned()));
    let video = gate.data.path().join("video");
    let index = VideoIndex::open(gate.data.path()).unwrap();
    VideoDisks::open(&index, std::slice::from_ref(&video), 0).unwrap();
    write(&gate, |writer| writer.follow_clips(true)).await;

    assert_eq!(refused(inspector.post(&path, &none).await).await.0, 403);
    let unknown = guard.post("/api/passages/99/clips", &none).await;
    assert_eq!(refused(unknown).await.0, 404);
    for _ in 0..2 {
        let kept = guard.post(&path, &none).await;
        assert_eq!(kept.status(), StatusCode::OK);
        let kept: Value = kept.json().await.unwrap();
        assert_eq!(kept, json!({"clips": [], "waits": true}));
    }
    cut_all(&gate).await;
    let clips = inspector.json(&path).await;
    assert_eq!(clips["waits"], false);
    let clip = &clips["clips"][0];
    assert_eq!(
        (&clip["kind"], &clip["state"]),
        (&json!("passage"), &json!("partly"))
    );
    assert_eq!(clip["missing"][0]["text"]["zh"], "摄像机没有信号");
    assert_eq!(clip["files"][0]["name"], "20261201-085900_A_01_p1.mp4");

    let file = format!("/api/clips/{}/files/1", clip["id"]);
    assert_eq!(
        refused(inspector.get(&file).await).await.0,
        404,
        "it is away"
    );
    let at = video.join(PATH);
    std::fs::create_dir_all(at.parent().unwrap()).unwrap();
    std::fs::write(&at, BYTES).unwrap();
    let played = inspector.get(&file).await;
    assert_eq!(played.headers()["content-type"], "video/mp4");
    assert_eq!(played.bytes().await.unwrap(), BYTES);
    let part = inspector.request(reqwest::Method::GET, &file);
    let part = part.header("range", "bytes=3-5").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.bytes().await.unwrap(), &BYTES[3..6]);
    for other in [
        "/api/clips/1/files/0",
        "/api/clips/1/files/2",
        "/api/clips/9/files/1",
    ] {
        assert_eq!(refused(inspector.get(other).await).await.0, 404, "{other}");
    }
    let stranger = gate.browser().get(&file).await;
    assert_eq!(refused(stranger).await.0, 401);

    let ids = write(&gate, move |writer| {
        let clips = writer.reader()?.clips(&ledger::ClipFilter::default(), 9)?;
        let ids: Vec<_> = clips.iter().map(|clip| clip.id).collect();
        writer.keep_clip_removals(&ids, Timestamp::now())?;
        Ok(ids)
    })
    .await;
    assert_eq!(ids.len(), 1);
    let clips = inspector.json(&path).await;
    assert_eq!(clips["clips"][0]["files"], json!([]));
    assert_eq!(
        refused(inspector.get(&file).await).await.0,
        404,
        "it was let go"
    );
}

#[tokio::test]
async fn a_lift_has_its_clip_also_where_nothing_came_after_it() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    let guard = gate.somebody(&installer, "guard").await;
    let inspector = gate.somebody(&installer, "inspector").await;
    write(&gate, |writer| writer.follow_clips(true)).await;
    let why = json!({ "why": "号牌读不出" });
    let lifted = guard.post("/api/lanes/north-in/lift", &why).await;
    let lift = lifted.json::<Value>().await.unwrap()["lift"].clone();
    let path = format!("/api/lifts/{lift}/clips");
    assert_eq!(
        inspector.json(&path).await,
        json!({"clips": [], "waits": true})
    );
    cut_all(&gate).await;
    let clips = inspector.json(&path).await;
    assert_eq!(clips["waits"], false);
    assert_eq!(clips["clips"][0]["kind"], "lift");
    assert_eq!(clips["clips"][0]["subject"], lift);
    let unknown = inspector.json("/api/lifts/99/clips").await;
    assert_eq!(unknown, json!({"clips": [], "waits": false}));
    let stranger = gate.browser().get(&path).await;
    assert_eq!(refused(stranger).await.0, 401);
}

#[tokio::test]
async fn an_alarm_of_a_lane_has_its_clip_once_it_is_cut() {
    let gate = Gate::new().await;
    let installer = gate.installer().await;
    write(&gate, |writer| writer.follow_clips(true)).await;
    write(&gate, |writer| {
        let cause = Cause::of(CauseKind::CameraDark, "north-in").in_lane("north-in");
        writer.raise_alarm(&cause, false, Timestamp::now())
    })
    .await;
    let alarms = installer.json("/api/alarms").await;
    assert_eq!(alarms["alarms"][0]["clip"], Value::Null);
    cut_all(&gate).await;
    let alarms = installer.json("/api/alarms").await;
    assert_eq!(alarms["alarms"][0]["clip"]["kind"], "alarm");
    assert_eq!(alarms["alarms"][0]["clip"]["files"][0]["number"], 1);
}
