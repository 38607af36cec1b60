//! A folder of pictures, played like a video.

use std::path::{Path, PathBuf};
use std::time::Duration;

use frame::MonoTime;

use crate::Error;
use crate::pick::Picker;
use crate::picture_file::read_picture;
use crate::video_file::Placed;

pub(crate) struct Folder {
    files: Vec<PathBuf>,
    interval: Duration,
    next: usize,
    decoded: u64,
    errors: u64,
}

impl Folder {
    /// The pictures of a folder, sorted by name.
    pub(crate) fn open(path: &Path, assumed_fps: f32) -> Result<Self, Error> {
        let missing = |source| Error::Missing {
            path: path.to_owned(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(missing)? {
            let file = entry.map_err(missing)?.path();
            if is_picture(&file) {
                files.push(file);
            }
        }
        if files.is_empty() {
            return Err(Error::EmptyFolder {
                path: path.to_owned(),
            });
        }
        files.sort();
        let fps = assumed_fps.clamp(0.1, 1000.0);
        let interval = Duration::from_secs_f32(1.0 / fps);
        Ok(Self {
            files,
            interval,
            next: 0,
            decoded: 0,
            errors: 0,
        })
    }

    pub(crate) fn decoded(&self) -> u64 {
        self.decoded
    }

    /// Pictures passed so far, delivered or not.
    pub(crate) fn passed(&self) -> u64 {
        self.next as u64
    }

    pub(crate) fn errors(&self) -> u64 {
        self.errors
    }

    pub(crate) fn end(&self) -> Duration {
        self.position(self.next)
    }

    pub(crate) fn next(&mut self, picker: &mut Picker) -> Option<Result<Placed, Error>> {
        loop {
            let path = self.files.get(self.next)?;
            let (index, position) = (self.next, self.position(self.next));
            self.next += 1;
            if !picker.pick(MonoTime::from_origin(position)) {
                continue;
            }
            let picture = read_picture(path);
            *(if picture.is_ok() {
                &mut self.decoded
            } else {
                &mut self.errors
            }) += 1;
            return Some(picture.map(|picture| Placed {
                picture,
                position,
                sequence: index as u64,
                look: false,
            }));
        }
    }

    fn position(&self, index: usize) -> Duration {
        self.interval.mul_f64(index as f64)
    }
}

fn is_picture(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    ["jpg", "jpeg", "png", "bmp", "webp"].contains(&extension.to_ascii_lowercase().as_str())
}
