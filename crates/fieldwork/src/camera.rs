//! Whether a lane's camera shows plates well.

use std::time::Duration;

use config::Config;
use controller::LaneSetup;
use serde_json::json;
use survey::{Examination, Grade, Look, look};
use vision::Models;
use words::{Key, Said};

use crate::asked::{CameraArgs, CameraCheckArgs, CameraKind};
use crate::{Error, Report};

/// Looks at a lane's camera for a while, and tells in the site's language.
///
/// # Errors
/// Why it could not be looked at, for a person.
pub fn camera(args: &CameraArgs) -> Result<Report, Error> {
    let CameraKind::Check(args) = &args.what;
    check(args)
}

/// Looks at a lane's camera for a while, over a connection of its own.
pub(crate) async fn examine(
    config: &Config,
    lane: &LaneSetup,
    models: &Models,
    time: Duration,
) -> Result<Examination, Error> {
    let how = Look {
        time,
        region: lane.settings.region.clone(),
        accept: lane.settings.accept_confidence,
        min_plate_px: lane.settings.min_plate_px,
    };
    let options = config.watching.options(config.detection.fps);
    let recognizer = models.recognizer()?;
    Ok(look(&lane.name, &lane.camera, options, recognizer, &how).await?)
}

fn check(args: &CameraCheckArgs) -> Result<Report, Error> {
    let config = config::load(&args.config.config)?;
    let lane = config.lanes.iter().find(|lane| lane.name == args.lane);
    let lane = lane.ok_or_else(|| {
        let known: Vec<_> = config.lanes.iter().map(|lane| lane.name.as_str()).collect();
        let said = Said::with(Key::SurveyNoLane, "lane", &args.lane);
        Error::Asked(said.and("known", known.join(" ")))
    })?;
    let models = Models::open(&config.models_folder, config.onnxruntime.as_deref())?;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Error::system(&e))?;
    let time = Duration::from_secs(args.seconds);
    let examined = runtime.block_on(examine(&config, lane, &models, time))?;
    let report = if args.json {
        Report::json(&json!(examined))
    } else {
        Report::told(&examined.told(&lane.name), &[config.language])
    };
    Ok(Report {
        fine: examined.worst() != Grade::Bad,
        ..report
    })
}
