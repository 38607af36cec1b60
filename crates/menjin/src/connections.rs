//! Whether everybody whom the gate talks to can be reached, for `menjin check`.

use std::path::Path;

use camera::Source;
use frame::Picture;
use housekeeping::Standing;
use status::Connections;
use vision::Recognizer;
use words::Said;

use crate::exit::Failure;
use crate::{models, remote};
use config::Config;

/// Asks everybody once.
pub(crate) fn standing(config: &Config, file: &Path) -> Result<Standing, Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Failure::job(&e))?;
    // Models that are missing have been told of; the cameras are asked without them.
    let models = models::open_at(&config.models_folder, config.onnxruntime.as_deref());
    let mut recognizer = models.ok().and_then(|models| models.recognizer().ok());
    let lanes = config.lanes.iter();
    let cameras = lanes.flat_map(|lane| {
        let body = lane.body_camera.as_ref();
        let body = body.map(|source| (format!("{}-body", lane.name), source));
        std::iter::once((lane.name.clone(), &lane.camera)).chain(body)
    });
    let options = config.watching.options(config.detection.fps);
    // The authority may be given a smaller stream.
    let of_remote = camera::Options {
        min_size: None,
        ..options.clone()
    };
    let accounts = remote::accounts(config, file);
    let lanes = || config.lanes.iter();
    let connections = Connections {
        cameras: cameras
            .map(|(name, source): (String, &Source)| (name, source, options.clone()))
            .chain(accounts.iter().filter_map(|(name, source)| {
                Some((name.clone(), source.as_ref().ok()?, of_remote.clone()))
            }))
            .collect(),
        relays: lanes()
            .filter_map(|lane| Some((lane.name.as_str(), lane.relay.as_ref()?)))
            .collect(),
        inputs: lanes()
            .filter_map(|lane| Some((lane.name.as_str(), lane.inputs.as_ref()?)))
            .collect(),
        displays: lanes()
            .filter_map(|lane| Some((lane.name.as_str(), lane.display.as_ref()?)))
            .collect(),
        voices: lanes()
            .filter_map(|lane| Some((lane.name.as_str(), lane.voice.as_ref()?)))
            .collect(),
        platforms: &config.platforms,
        broker: config.mqtt.as_ref(),
        pages: &config.status_pages,
        language: config.language,
    };
    let mut plate_width = |picture: &Picture| widest(recognizer.as_mut()?, picture);
    let mut standing = runtime.block_on(connections.standing(&mut plate_width));
    for (name, source) in &accounts {
        if let Err(why) = source {
            let said = Said::about(name, why.clone());
            standing.wrong.push(said.text(config.language));
        }
    }
    Ok(standing)
}

/// How wide the widest plate is, in pixels.
fn widest(recognizer: &mut Recognizer, picture: &Picture) -> Option<f32> {
    let found = recognizer.recognize(picture).ok()?;
    let widths = found.iter().map(|reading| reading.quad.width());
    widths.max_by(f32::total_cmp)
}
