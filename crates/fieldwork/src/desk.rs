//! The same from a page.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use camera::{Source, probe};
use config::{Config, LaneSketch, SiteFile, SiteFileError};
use console::{Fieldwork, Identity, LaneInField, NewLane, PlayedStream, Working};
use service::Restart;
use survey::Examination;
use vision::Models;
use words::{Group, Key, Said};

use crate::Error;
use crate::camera::examine;

const QUALITY: u8 = 75;

/// What the page of cameras works with.
pub struct FieldDesk {
    config: Arc<Config>,
    file: SiteFile,
    models: Models,
    restart: Restart,
}

impl Fieldwork for FieldDesk {
    fn lanes(&self) -> Vec<LaneInField> {
        let lanes = self.config.lanes.iter();
        let lanes = lanes.map(|lane| LaneInField {
            name: lane.name.clone(),
            camera: match &lane.camera {
                Source::Rtsp { address, .. } => Some(address.to_string()),
                _ => None,
            },
            region: lane.settings.region.corners().to_vec(),
        });
        lanes.collect()
    }

    fn file(&self) -> String {
        self.file.path().display().to_string()
    }

    fn has_changed(&self) -> bool {
        self.file.has_changed()
    }

    fn identity(&self) -> Result<Identity, Said> {
        let known = self.file.identity().map_err(SiteFileError::said)?;
        let (name, code) = known;
        Ok(Identity { name, code })
    }

    fn set_identity(&self, identity: Identity) -> Result<(), Said> {
        let set = self.file.set_identity(&identity.name, &identity.code);
        set.map_err(SiteFileError::said)
    }

    fn add_lane(&self, lane: NewLane) -> Result<(), Said> {
        let stream = lane.stream;
        let sketch = LaneSketch {
            name: lane.name,
            entrance: lane.entrance,
            barrier: lane.barrier,
            direction: Some(lane.direction),
            sees_rear: lane.sees_rear,
            url: stream.url,
            user: stream.user,
            ..LaneSketch::default()
        };
        let added = self.file.add_lane(&sketch, stream.password.as_ref());
        added.map_err(SiteFileError::said)
    }

    fn set_region(&self, lane: &str, corners: Vec<[f32; 2]>) -> Result<(), Said> {
        let region = lane::region(corners)?;
        let set = self.file.set_region(lane, &region);
        set.map_err(SiteFileError::said)
    }

    fn survey<'a>(&'a self, lane: &'a str, time: Duration) -> Working<'a, Examination> {
        Box::pin(async move {
            let mut lanes = self.config.lanes.iter();
            let lane = lanes.find(|known| known.name == lane);
            let lane = lane.ok_or(Key::WebNotFound)?;
            let examined = examine(&self.config, lane, &self.models, time).await;
            examined.map_err(Error::said)
        })
    }

    fn peek<'a>(&'a self, stream: PlayedStream, widest_px: u32) -> Working<'a, Vec<u8>> {
        Box::pin(self.peek_at(stream, widest_px))
    }

    fn restart(&self) {
        self.restart.ask();
    }
}

impl FieldDesk {
    /// For a configuration as the daemon runs it, where it was loaded from, and how the daemon begins anew.
    #[must_use]
    pub fn of(config: &Arc<Config>, file: &Path, models: &Models, restart: &Restart) -> Self {
        Self {
            config: Arc::clone(config),
            file: SiteFile::at(file),
            models: models.clone(),
            restart: restart.clone(),
        }
    }

    /// Waits until somebody asks that the daemon begin anew.
    pub async fn asked(&self) {
        self.restart.asked().await;
    }

    async fn peek_at(&self, stream: PlayedStream, widest_px: u32) -> Result<Vec<u8>, Said> {
        let source = Source::rtsp(&stream.url, stream.user.as_deref(), stream.password);
        let source = source.map_err(|error| error.said())?;
        let options = self.config.watching.options(self.config.detection.fps);
        let seen = probe("picture", &source, options).await;
        let seen = seen.map_err(|error| error.said())?;
        let Some(frame) = seen.frame else {
            let status = seen.state.status.code();
            return Err(Said::in_each(|language| {
                let of = |group| language.named(group, status);
                format!("{}\n{}", of(Group::CameraWhy), of(Group::CameraNext))
            }));
        };
        let encode = move || {
            let small = photo::smaller(&frame.picture, widest_px);
            photo::encode_jpeg(&small, QUALITY)
        };
        let jpeg = tokio::task::spawn_blocking(encode).await;
        let jpeg = jpeg.map_err(Said::other)?;
        jpeg.map_err(|error| Said::other(words::chain(&error)))
    }
}
