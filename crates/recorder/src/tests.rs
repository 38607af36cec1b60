//! Cut, write, mend and keep, with handed-in packets and times.

mod clips;
mod clocks;
mod disks;
mod files;
mod keeping;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use camera::{AccessUnit, Codec, Format, Packet};
use frame::{ClockSource, MonoTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use mp4_atom::{Avc1, Avcc, Encode as _, Visual};

use crate::cut::Cutter;
use crate::writer::VideoWriter;
use crate::{RepairScope, Repaired, VideoDisks, VideoIndex, VideoRow, VideoSpan, repair};

/// A camera that sends ten pictures a second, and whose clock and computer are ours to set.
pub(crate) struct Gate {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) index: Arc<VideoIndex>,
    pub(crate) disks: VideoDisks,
    writer: VideoWriter,
    cutter: Cutter,
    /// What the camera's clock says.
    pub(crate) clock: Timestamp,
    pub(crate) source: ClockSource,
    at: MonoTime,
    pub(crate) pts: i64,
    /// Every so many pictures is a key picture.
    pub(crate) key_every: u32,
    sent: u32,
}

impl Gate {
    pub(crate) fn at(clock: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("video");
        Self::with(folder, &[root], clock)
    }

    pub(crate) fn with(folder: tempfile::TempDir, roots: &[PathBuf], clock: &str) -> Self {
        let index = Arc::new(VideoIndex::open(folder.path()).expect("an index"));
        let disks = VideoDisks::open(&index, roots, 0).expect("disks");
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        let offset = Box::new(|| Some(40));
        let writer = VideoWriter::new("gate", zone, Arc::clone(&index), disks.clone(), offset);
        let mut gate = Self {
            folder,
            index,
            disks,
            writer,
            cutter: Cutter::default(),
            clock: clock.parse().expect("a time"),
            source: ClockSource::CameraNtp,
            at: MonoTime::from_ms(1000),
            pts: 7_000_000,
            key_every: 10,
            sent: 0,
        };
        gate.send(Packet::Begin(format(1280)));
        gate
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("video")
    }

    /// The camera's pictures of so many seconds.
    pub(crate) fn film(&mut self, seconds: u32) {
        for _ in 0..seconds * 10 {
            let key = self.sent.is_multiple_of(self.key_every);
            self.picture(key, 0);
        }
    }

    pub(crate) fn picture(&mut self, key: bool, lost: u32) {
        let part = if key { 0x65 } else { 0x41 };
        let data = [0, 0, 0, 1, part, 0x88, 0x84, self.sent as u8 | 1];
        let unit = AccessUnit {
            data: Bytes::copy_from_slice(&data),
            pts: self.pts,
            key,
            at: self.at,
            captured: self.clock,
            clock: self.source,
            lost,
        };
        self.send(Packet::Unit(unit));
        self.sent += 1;
        self.pass(Duration::from_millis(100));
        self.pts += 9_000;
    }

    /// Time passes, for the camera and for us, without a picture.
    pub(crate) fn pass(&mut self, time: Duration) {
        self.at = self.at + time;
        self.clock += SignedDuration::try_from(time).expect("fits");
    }

    /// Whether all that follows from it was kept.
    pub(crate) fn send(&mut self, packet: Packet) -> bool {
        for step in self.cutter.take(packet) {
            if !self.writer.step(step) {
                self.cutter.begin_anew();
                return false;
            }
        }
        true
    }

    pub(crate) fn stop(&mut self) {
        for step in self.cutter.finish() {
            self.writer.step(step);
        }
        self.writer.finish();
    }

    /// The pause after a disk refused is over.
    pub(crate) fn rested(&mut self) {
        self.writer.rested();
    }

    pub(crate) fn start(&mut self) {
        self.writer.start(self.clock).expect("starts");
    }

    pub(crate) fn span(&self) -> VideoSpan {
        let all = self.index.span("gate", Timestamp::MIN, Timestamp::MAX);
        all.expect("readable")
    }

    pub(crate) fn videos(&self) -> Vec<VideoRow> {
        self.span().videos
    }

    /// What the files are called, below the folder for video.
    pub(crate) fn names(&self) -> Vec<String> {
        let below = |video: &VideoRow| {
            let path = video.file.strip_prefix(self.root()).expect("below");
            path.display().to_string()
        };
        self.videos().iter().map(below).collect()
    }

    pub(crate) fn gaps(&self) -> Vec<(&'static str, String, String)> {
        let gaps = self.span().gaps.into_iter();
        gaps.map(|gap| {
            let until = gap
                .until
                .map_or("open".to_owned(), |until| until.to_string());
            (gap.reason.code(), gap.from.to_string(), until)
        })
        .collect()
    }

    pub(crate) fn repair(&self, scope: RepairScope) -> Repaired {
        repair(&self.index, &self.disks, scope, self.clock).expect("repairs")
    }

    /// Every file is whole, is what its row says, and no row is without one.
    pub(crate) fn assert_whole(&self) {
        for video in self.videos() {
            let mut file = std::fs::File::open(&video.file).expect("there");
            let walked = crate::walk(&mut file).expect("readable");
            assert!(walked.is_whole(), "{video:?} {walked:?}");
            assert_eq!(walked.fragments[0].captured, video.start);
            assert_eq!(
                (walked.pictures(), walked.duration_ms()),
                (video.pictures, video.duration_ms)
            );
            assert_eq!(
                crate::video_hash(&video.file).expect("readable"),
                video.sha256
            );
        }
        assert_eq!(self.repair(RepairScope::All), Repaired::default());
    }
}

pub(crate) fn format(width: u16) -> Arc<Format> {
    let entry = Avc1 {
        visual: Visual {
            data_reference_index: 1,
            width,
            height: 720,
            ..Visual::default()
        },
        avcc: Avcc {
            configuration_version: 1,
            avc_profile_indication: 0x64,
            avc_level_indication: 0x1f,
            length_size: 4,
            ..Avcc::default()
        },
        ..Avc1::default()
    };
    let mut sample_entry = Vec::new();
    entry.encode(&mut sample_entry).expect("encodes");
    Arc::new(Format {
        codec: Codec::H264,
        width: width.into(),
        height: 720,
        sample_entry: sample_entry.into(),
        rfc6381: "avc1.64001f".to_owned(),
        ticks_hz: 90_000,
    })
}
