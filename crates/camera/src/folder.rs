//! A folder of pictures, played like a video.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Duration;

use frame::{MonoTime, Picture};
use image::{ImageReader, Limits};

use crate::Error;
use crate::decoder::MAX_SIDE_PX;
use crate::pick::Picker;
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
    ["jpg", "jpeg", "png", "bmp"].contains(&extension.to_ascii_lowercase().as_str())
}

/// Decodes one picture file of any size up to 8192 x 8192, whatever its name says.
pub fn read_picture(path: &Path) -> Result<Picture, Error> {
    let broken = |reason: String| Error::Picture {
        path: path.to_owned(),
        reason,
    };
    let file = std::fs::File::open(path).map_err(|source| Error::Missing {
        path: path.to_owned(),
        source,
    })?;
    // By content, not by name: cameras save JPEG as .bmp and worse.
    let mut reader = ImageReader::new(BufReader::new(file))
        .with_guessed_format()
        .map_err(|e| broken(e.to_string()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    reader.limits(limits);
    let rgb = reader
        .decode()
        .map_err(|e| broken(e.to_string()))?
        .into_rgb8();
    let (width, height) = rgb.dimensions();
    Picture::new(width, height, rgb.into_raw()).map_err(|e| broken(e.to_string()))
}
