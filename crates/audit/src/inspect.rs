//! An inspection on the command line.

use clap::Args;
use config::{ConfigArgs, OrderTaker};
use inspection::{InspectKind, InspectSite, InspectionAct};
use orders::{Done, Order};
use words::{Key, Said};

use crate::{Error, Report};

/// Freeze, draw, look, mark, and write the pack.
#[derive(Debug, Args)]
pub struct InspectArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(subcommand)]
    pub(crate) what: InspectKind,
}

/// Freezes, draws, shows, marks, or writes the pack.
///
/// # Errors
/// Why not, for a person.
pub fn inspect(args: InspectArgs, submit: OrderTaker<'_>) -> Result<Report, Error> {
    let config = config::load(&args.config.config)?;
    let site = InspectSite {
        data_folder: &config.data_folder,
        zone: &config.site.zone,
        language: config.language,
    };
    let mut keep = |act: InspectionAct| match submit(&config, Order::Inspect { act }) {
        Ok(Done::Inspected(id)) => Ok(id),
        Ok(_) => Err(Said::plain(Key::ControlBrokeOff)),
        Err(error) => Err(Said::in_each(|language| error.text(language))),
    };
    let done = inspection::command(args.what, &site, &mut keep);
    let lines = done.map_err(|error| match error.kind() {
        inspection::ErrorKind::Asked => Error::Asked(error.said()),
        _ => Error::Failed(error.said()),
    })?;
    Ok(Report { lines, fine: true })
}
