//! Recorded files as an iterator of frames: for reading and for measuring, without a runtime.

use std::path::Path;
use std::time::Duration;

use frame::{ClockSource, Frame, MonoTime};
use jiff::{SignedDuration, Timestamp};

use crate::folder::Folder;
use crate::pick::Picker;
use crate::picture_file::must_be_file;
use crate::video_file::{Placed, VideoFile};
use crate::{Attention, Codec, Error, Rate};

/// How a file is read.
#[derive(Debug, Clone)]
pub struct FileOptions {
    /// Pictures delivered per second of the recording; the default is every picture.
    pub rate: Rate,
    /// Whether all pictures are wanted or only looks.
    pub attention: Attention,
    /// Picture rate of folders and of raw `.h264` and `.h265`, which carry no times.
    pub assumed_fps: f32,
    /// Wall time of the first picture.
    pub start: Timestamp,
    /// The same by the monotonic clock.
    pub origin: MonoTime,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self {
            rate: Rate::new(None),
            attention: Attention::default(),
            assumed_fps: 25.0,
            start: Timestamp::UNIX_EPOCH,
            origin: MonoTime::default(),
        }
    }
}

/// The frames of a recorded file, in order. Broken parts are skipped and counted; an item is an
/// error when one picture of a folder is broken (the next item goes on), or once at the end when
/// nothing at all could be decoded.
pub struct FileFrames {
    content: Content,
    picker: Picker,
    start: Timestamp,
    origin: MonoTime,
    look: bool,
}

enum Content {
    Video(Box<VideoFile>),
    Folder(Folder),
}

impl FileFrames {
    /// Opens a video file or a folder of pictures, of any size.
    ///
    /// # Errors
    /// What is missing, unreadable, in an unknown coding, or an empty folder, with its path.
    pub fn open(path: impl AsRef<Path>, options: &FileOptions) -> Result<Self, Error> {
        let path = path.as_ref();
        must_be_file(path)?;
        let content = if path.is_dir() {
            Content::Folder(Folder::open(path, options.assumed_fps)?)
        } else {
            std::fs::File::open(path).map_err(|source| Error::Missing {
                path: path.to_owned(),
                source,
            })?;
            Content::Video(Box::new(VideoFile::open(
                path,
                options.assumed_fps,
                (&options.attention, options.origin),
            )?))
        };
        Ok(Self {
            content,
            picker: Picker::new(options.rate.clone()),
            start: options.start,
            origin: options.origin,
            look: false,
        })
    }

    /// How the file is coded.
    #[must_use]
    pub fn codec(&self) -> Codec {
        match &self.content {
            Content::Video(video) => video.codec(),
            Content::Folder(_) => Codec::Pictures,
        }
    }

    /// Pictures decoded so far, delivered or not.
    #[must_use]
    pub fn decoded(&self) -> u64 {
        match &self.content {
            Content::Video(video) => video.decoded(),
            Content::Folder(folder) => folder.decoded(),
        }
    }

    /// Pictures so far that nobody needed while the recording rested.
    #[must_use]
    pub fn undecoded(&self) -> u64 {
        match &self.content {
            Content::Video(video) => video.undecoded(),
            Content::Folder(_) => 0,
        }
    }

    /// Whether the frame that came last is a look, see [`Attention`].
    #[must_use]
    pub fn is_look(&self) -> bool {
        self.look
    }

    /// Whether the next frames come late, because the recording rested at their time.
    pub(crate) fn catches_up(&self) -> bool {
        match &self.content {
            Content::Video(video) => video.catches_up(),
            Content::Folder(_) => false,
        }
    }

    /// Packets and pictures that were broken so far.
    #[must_use]
    pub fn decode_errors(&self) -> u64 {
        match &self.content {
            Content::Video(video) => video.errors(),
            Content::Folder(folder) => folder.errors(),
        }
    }

    /// Position one picture after the last one that was decoded.
    pub(crate) fn end(&self) -> Duration {
        match &self.content {
            Content::Video(video) => video.end(),
            Content::Folder(folder) => folder.end(),
        }
    }

    /// The sequence number after the last picture.
    pub(crate) fn passed(&self) -> u64 {
        match &self.content {
            Content::Video(video) => video.decoded(),
            Content::Folder(folder) => folder.passed(),
        }
    }

    fn frame(&self, placed: Placed) -> Frame {
        let Placed {
            picture,
            position,
            sequence,
            look: _,
        } = placed;
        Frame {
            picture,
            captured: later(self.start, position),
            clock: ClockSource::File,
            at: self.origin + position,
            sequence,
        }
    }
}

/// `start` plus `position`, or `start` at the end of the calendar.
pub(crate) fn later(start: Timestamp, position: Duration) -> Timestamp {
    SignedDuration::try_from(position)
        .ok()
        .and_then(|position| start.checked_add(position).ok())
        .unwrap_or(start)
}

impl Iterator for FileFrames {
    type Item = Result<Frame, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let placed = match &mut self.content {
            Content::Video(video) => video.next(&mut self.picker),
            Content::Folder(folder) => folder.next(&mut self.picker),
        }?;
        self.look = placed.as_ref().is_ok_and(|placed| placed.look);
        Some(placed.map(|placed| self.frame(placed)))
    }
}

impl std::fmt::Debug for FileFrames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileFrames")
            .field("codec", &self.codec())
            .field("decoded", &self.decoded())
            .finish_non_exhaustive()
    }
}
