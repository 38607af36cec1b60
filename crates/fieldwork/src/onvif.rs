//! Cameras found, shown and set.

use std::time::Duration;

use config::LaneSketch;
use onvif::{
    Account, ClockSetting, Description, Device, DeviceAddress, Search, StreamProfile, find,
};
use serde_json::json;
use words::{Key, Language, Said};

use crate::asked::{
    DeviceArgs, DiscoverArgs, OnvifArgs, OnvifKind, SetOsdArgs, SetTimeArgs, ShowArgs,
};
use crate::{Error, Report};

/// Finds, shows or sets cameras, and tells in these languages.
///
/// # Errors
/// Why nothing came of it, for a person.
pub fn onvif(args: &OnvifArgs, languages: &[Language]) -> Result<Report, Error> {
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Error::system(&e))?;
    runtime.block_on(async {
        match &args.what {
            OnvifKind::Discover(args) => discover(args, languages).await,
            OnvifKind::Show(args) => show(args, languages).await,
            OnvifKind::SetOsd(args) => set_osd(args, languages).await,
            OnvifKind::SetTime(args) => set_time(args, languages).await,
        }
    })
}

async fn discover(args: &DiscoverArgs, languages: &[Language]) -> Result<Report, Error> {
    let wait = Duration::from_secs(args.seconds);
    let search = Search::of(wait, args.address.as_deref()).map_err(Error::Asked)?;
    let found = find(&search).await?;
    if found.is_empty() {
        return Err(Error::Failed(Key::OnvifFoundNone.into()));
    }
    if args.json {
        let lines = found.iter().map(|device| json!(device).to_string());
        return Ok(Report::lines(lines.collect()));
    }
    let lines: Vec<_> = found.iter().map(onvif::FoundDevice::told).collect();
    Ok(Report::told(&lines, languages))
}

async fn show(args: &ShowArgs, languages: &[Language]) -> Result<Report, Error> {
    let device = connect(&args.device).await?;
    let description = device.describe().await?;
    let profile = profile(&description, args.place.profile.as_deref())?;
    let password_file = args.device.password_file.as_deref();
    let password_file = password_file.map(std::path::absolute).transpose()?;
    let output = description.outputs.first();
    let lane = LaneSketch {
        name: args.lane.clone(),
        entrance: args.place.entrance.clone(),
        barrier: args.place.barrier.clone(),
        url: profile.url.clone(),
        user: args.device.user.clone(),
        password_file,
        output: output.map(|output| (description.address.clone(), output.token.clone())),
        ..LaneSketch::default()
    };
    if args.device.json {
        return Ok(Report::json(
            &json!({"device": description, "lane": lane.text()}),
        ));
    }
    let mut lines = description.told();
    lines.extend([Said::other(""), Key::OnvifPaste.into(), Said::other("")]);
    let mut report = Report::told(&lines, languages);
    report.lines.push(lane.text().trim_end().to_owned());
    Ok(report)
}

async fn set_osd(args: &SetOsdArgs, languages: &[Language]) -> Result<Report, Error> {
    let device = connect(&args.device).await?;
    let description = device.describe().await?;
    let profile = profile(&description, args.place.profile.as_deref())?;
    let label = Said::with(Key::OnvifLabel, "entrance", &args.place.entrance)
        .and("barrier", &args.place.barrier);
    // Inspectors read it, whatever language this computer speaks.
    let label = args
        .text
        .clone()
        .unwrap_or_else(|| label.text(Language::Zh));
    let source = profile.source_config.clone().unwrap_or_default();
    let shown = device.set_overlay(&source, &label).await?;
    if args.device.json {
        return Ok(Report::json(&json!(shown)));
    }
    let mut lines: Vec<Said> = shown.iter().map(onvif::Overlay::told).collect();
    lines.push(Key::OnvifKept.into());
    Ok(Report::told(&lines, languages))
}

async fn set_time(args: &SetTimeArgs, languages: &[Language]) -> Result<Report, Error> {
    let mut device = connect(&args.device).await?;
    let setting = args
        .ntp
        .clone()
        .map_or(ClockSetting::Now, ClockSetting::Ntp);
    let clock = device.set_clock(&setting, args.zone.as_deref()).await?;
    if args.device.json {
        return Ok(Report::json(&json!(clock)));
    }
    let mut lines = clock.told();
    lines.push(Key::OnvifKept.into());
    Ok(Report::told(&lines, languages))
}

async fn connect(args: &DeviceArgs) -> Result<Device, Error> {
    let address = DeviceAddress::parse(&args.address)?;
    let (file, variable) = (args.password_file.as_deref(), args.password_env.as_deref());
    let password = settings::secret_of(file, variable).map_err(|problems| {
        Error::Asked(Said::lines(problems.iter().map(settings::Problem::said)))
    })?;
    let account = args.user.clone().map(|user| Account {
        user,
        password: password.unwrap_or_default(),
    });
    Ok(Device::connect(&address, account.as_ref()).await?)
}

fn profile<'a>(
    description: &'a Description,
    token: Option<&str>,
) -> Result<&'a StreamProfile, Error> {
    let Some(token) = token else {
        let best = description.best_profile();
        return best.ok_or_else(|| Error::Failed(Key::OnvifNoStream.into()));
    };
    let named = description
        .profiles
        .iter()
        .find(|profile| profile.token == token);
    named.ok_or_else(|| {
        let known: Vec<_> = description
            .profiles
            .iter()
            .map(|p| p.token.as_str())
            .collect();
        let said = Said::with(Key::OnvifNoProfile, "token", token);
        Error::Asked(said.and("known", known.join(" ")))
    })
}
