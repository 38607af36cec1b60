//! Causes that the daemon's status shows.

use alarm::{Cause, CauseKind};
use camera::{CameraStatus, ViewLook};
use jiff::{SignedDuration, Timestamp};
use recorder::GapReason;
use status::Status;

/// A sink whose lateness nobody else watches is late when nothing was answered well for so long.
const SILENT_SINK: SignedDuration = SignedDuration::from_mins(5);

/// Everything that is wrong by what the status shows now.
#[must_use]
pub fn causes_of(status: &Status, now: Timestamp) -> Vec<Cause> {
    let mut causes = cameras(status);
    causes.extend(lanes(status));
    causes.extend(uploads(status, now));
    for (name, scale) in status.scales() {
        if scale.state.is_fault() {
            causes.push(Cause::of(CauseKind::ScaleDown, &name).with(scale.state.code()));
        }
    }
    if !status.clock_trusted() {
        causes.push(Cause::of(CauseKind::ClockUntrusted, "clock"));
    }
    if status.disk().is_some_and(|disk| disk.short) {
        causes.push(Cause::of(CauseKind::DiskShort, "disk"));
    }
    if let Some(backup) = status.backup()
        && (backup.overdue || backup.problem.is_some())
    {
        causes.push(Cause::of(CauseKind::BackupLate, "backup"));
    }
    causes.extend(video(status, &causes));
    causes
}

/// Video that is not kept. Where a camera delivers nothing at all, that is its own cause.
fn video(status: &Status, known: &[Cause]) -> Vec<Cause> {
    let Some(state) = status.recording() else {
        return Vec::new();
    };
    let mut causes = Vec::new();
    for camera in &state.cameras {
        let now = camera.now();
        let Some((reason, _)) = now.missing else {
            continue;
        };
        let is_known = reason == GapReason::CameraAway
            && known
                .iter()
                .any(|cause| cause.kind == CauseKind::CameraDown && cause.subject == now.camera);
        if !is_known {
            let cause = Cause::of(CauseKind::VideoStopped, &now.camera).in_lane(&now.camera);
            causes.push(cause.with(reason.code()));
        }
    }
    if state.failed.is_some() {
        causes.push(Cause::of(CauseKind::VideoStopped, "video").with(GapReason::DiskAway.code()));
    }
    if let Some(reason) = status.clips().and_then(|clips| clips.stopped) {
        causes.push(Cause::of(CauseKind::VideoStopped, "clips").with(reason.code()));
    }
    if let Some(days) = state.forecast.and_then(|forecast| forecast.stops_in_days()) {
        causes.push(Cause::of(CauseKind::VideoShort, "video").with(format!("{days:.0}")));
    }
    causes
}

fn cameras(status: &Status) -> Vec<Cause> {
    let cause = |camera: status::CameraView| {
        let state = camera.state.borrow().status;
        let kind = kind_of(state)?;
        let lane = camera.name.strip_suffix("-body").unwrap_or(&camera.name);
        let cause = Cause::of(kind, &camera.name).in_lane(lane);
        Some(cause.with(state.code()))
    };
    status.cameras().into_iter().filter_map(cause).collect()
}

fn kind_of(state: CameraStatus) -> Option<CauseKind> {
    match state {
        CameraStatus::Black => Some(CauseKind::CameraDark),
        CameraStatus::Frozen => Some(CauseKind::CameraFrozen),
        state => state.is_fault().then_some(CauseKind::CameraDown),
    }
}

fn lanes(status: &Status) -> Vec<Cause> {
    let mut causes = Vec::new();
    for lane in status.lanes() {
        if lane.keeping_fails() {
            causes.push(Cause::of(CauseKind::LedgerRefuses, &lane.name).in_lane(&lane.name));
        }
        if let Some(alarm) = lane.barrier_alarm() {
            let cause = Cause::of(CauseKind::BarrierFailed, &alarm.barrier);
            causes.push(cause.in_lane(&lane.name).with(alarm.kind));
        }
        if let Some(hold) = lane.hold() {
            let cause = Cause::of(CauseKind::HeldOpen, &hold.id.to_string());
            causes.push(cause.in_lane(&lane.name).with(hold.hold.who));
        }
        let own = |kind| Cause::of(kind, &lane.name).in_lane(&lane.name);
        if lane
            .inputs()
            .is_some_and(|view| view.answers == Some(false))
        {
            causes.push(own(CauseKind::InputsSilent));
        }
        match lane.view() {
            ViewLook::Usual => {}
            ViewLook::Covered => causes.push(own(CauseKind::CameraCovered)),
            ViewLook::Turned => causes.push(own(CauseKind::CameraTurned)),
        }
        if lane.display().is_some_and(|view| view.works == Some(false)) {
            causes.push(own(CauseKind::DisplayDown));
        }
        if lane.voice().is_some_and(|view| view.works == Some(false)) {
            causes.push(own(CauseKind::VoiceDown));
        }
    }
    causes
}

fn uploads(status: &Status, now: Timestamp) -> Vec<Cause> {
    let late = status.late();
    let mut causes = Vec::new();
    for sink in status.sinks() {
        let name = &sink.sink;
        let watched = late.get(name);
        let silent = |since: Timestamp| now.duration_since(since) > SILENT_SINK;
        let is_late = watched.map_or(sink.offline_since.is_some_and(silent), |late| late.waits);
        if is_late {
            causes.push(Cause::of(CauseKind::UploadsLate, name));
        }
        if let Some(late) = watched.filter(|late| late.below) {
            let percent = format!("{:.1}", late.rate * 100.0);
            causes.push(Cause::of(CauseKind::UploadsLow, name).with(percent));
        }
        if sink.refused > 0 {
            causes.push(Cause::of(CauseKind::UploadsRefused, name).with(sink.refused));
        }
    }
    causes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use recorder::{
        ClipsState, RecordingState, VideoForecast, VideoMeter, VideoPlan, VideoProgress,
    };
    use status::{BarrierAlarm, LaneCounters, Late};
    use sync::SinkStatus;
    use tokio::sync::watch;

    use super::*;

    fn kinds(status: &Status) -> Vec<(CauseKind, String)> {
        let causes = causes_of(
            status,
            Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1),
        );
        causes.into_iter().map(|c| (c.kind, c.subject)).collect()
    }

    fn fine() -> Status {
        let status = Status::default();
        status.set_clock_trusted(true);
        status
    }

    #[test]
    fn nothing_is_wrong_with_a_gate_that_works() {
        assert_eq!(kinds(&fine()), []);
        let none = Status::default();
        assert_eq!(
            kinds(&none),
            [(CauseKind::ClockUntrusted, "clock".to_owned())]
        );
    }

    #[test]
    fn each_state_of_a_camera_is_its_kind_of_cause() {
        for (state, kind) in [
            (CameraStatus::Live, None),
            (CameraStatus::Connecting, None),
            (CameraStatus::Ended, None),
            (CameraStatus::Black, Some(CauseKind::CameraDark)),
            (CameraStatus::Frozen, Some(CauseKind::CameraFrozen)),
            (CameraStatus::Unreachable, Some(CauseKind::CameraDown)),
            (CameraStatus::TooSmall, Some(CauseKind::CameraDown)),
        ] {
            assert_eq!(kind_of(state), kind, "{}", state.code());
        }
    }

    #[test]
    fn video_that_is_not_kept_is_told_with_its_reason_and_a_camera_that_is_away_is_told_once() {
        let status = fine();
        let of = |camera: &str, reason| {
            VideoMeter::at(VideoProgress {
                missing: Some((reason, Timestamp::UNIX_EPOCH)),
                ..VideoMeter::new(camera).now()
            })
        };
        let plan = VideoPlan {
            folders: Vec::new(),
            keep: std::time::Duration::from_secs(365 * 86_400),
            reserve_bytes: 0,
            clips_bytes: u64::MAX,
            quotas: BTreeMap::new(),
        };
        let (_keeps, recording) = watch::channel(RecordingState {
            cameras: vec![
                of("north-in", GapReason::DiskFull),
                of("south-in", GapReason::CameraAway),
                VideoMeter::new("east"),
            ],
            forecast: Some(VideoForecast::unmeasured(&plan, 3, Vec::new())),
            ..RecordingState::default()
        });
        status.set_recording(recording);
        let away = Cause::of(CauseKind::CameraDown, "south-in");
        let told: Vec<_> = video(&status, &[away])
            .into_iter()
            .map(|c| (c.kind, c.subject, c.detail))
            .collect();
        let named = |kind, name: &str, detail: &str| (kind, name.to_owned(), detail.to_owned());
        assert_eq!(
            told,
            [
                named(CauseKind::VideoStopped, "north-in", "disk_full"),
                named(CauseKind::VideoShort, "video", "0"),
            ]
        );
        // A second stream may be away while the camera is seen.
        assert_eq!(video(&status, &[]).len(), 3);
        let (_cuts, clips) = watch::channel(ClipsState {
            stopped: Some(GapReason::DiskFull),
            ..ClipsState::default()
        });
        status.set_clips(clips);
        let all = video(&status, &[]);
        assert!(all.iter().any(|cause| cause.subject == "clips"), "{all:?}");
    }

    #[test]
    fn lanes_barriers_and_sinks_are_told_by_name() {
        let status = fine();
        let lane = LaneCounters::new("north-in");
        status.add_lane(Arc::clone(&lane));
        lane.set_keeping_fails(true);
        lane.set_barrier_alarm(Some(BarrierAlarm {
            barrier: "01".to_owned(),
            kind: "timed_out",
        }));
        lane.set_view(ViewLook::Turned);
        let (_inputs, inputs) = watch::channel(gate::InputsView {
            answers: Some(false),
            ..gate::InputsView::default()
        });
        lane.set_inputs(inputs);
        let (_display, display) = watch::channel(gate::DisplayView {
            works: Some(false),
            ..gate::DisplayView::default()
        });
        lane.set_display(display);
        let (_voice, voice) = watch::channel(gate::VoiceView {
            works: Some(false),
            ..gate::VoiceView::default()
        });
        lane.set_voice(voice);
        let (_keeps, sink) = watch::channel(SinkStatus {
            sink: "province".to_owned(),
            refused: 3,
            ..SinkStatus::default()
        });
        status.add_sink(sink);
        let (_keeps, broker) = watch::channel(SinkStatus {
            sink: "mqtt".to_owned(),
            offline_since: Some(Timestamp::UNIX_EPOCH),
            ..SinkStatus::default()
        });
        status.add_sink(broker);
        let late = Late {
            waits: true,
            below: true,
            rate: 0.5,
        };
        status.set_late(BTreeMap::from([("province".to_owned(), late)]));
        let named = |kind, name: &str| (kind, name.to_owned());
        assert_eq!(
            kinds(&status),
            [
                named(CauseKind::LedgerRefuses, "north-in"),
                named(CauseKind::BarrierFailed, "01"),
                named(CauseKind::InputsSilent, "north-in"),
                named(CauseKind::CameraTurned, "north-in"),
                named(CauseKind::DisplayDown, "north-in"),
                named(CauseKind::VoiceDown, "north-in"),
                named(CauseKind::UploadsLate, "province"),
                named(CauseKind::UploadsLow, "province"),
                named(CauseKind::UploadsRefused, "province"),
                named(CauseKind::UploadsLate, "mqtt"),
            ]
        );
    }
}
