//! `menjin policy`: what the rules would decide, and what other rules would have decided.

use jiff::Timestamp;
use ledger::{Filter, Reader};
use orders::{StrategySaid, coded};
use passage::Decision;
use plate::{Color, PlateNumber};
use policy::{SeenVehicle, Strategy};
use records::{range_start, said_moment};
use rules::Today;
use words::{Group, Key, Said};

use crate::cli::policy::{PolicyArgs, PolicyCommand};
use crate::exit::{Failure, Outcome};
use crate::policies;
use crate::print::{print, say};
use config::Config;

pub(crate) fn main(args: &PolicyArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    match &args.command {
        PolicyCommand::Explain {
            plate,
            color,
            lane,
            at,
            cargo,
            json,
        } => {
            let color = color
                .as_deref()
                .map(|c| coded(&records::code::PLATE_COLOR, c));
            let color = color.transpose()?.unwrap_or(Color::Unknown);
            let plate = PlateNumber::normalise(plate);
            let at = at
                .as_deref()
                .map(|t| said_moment(t, &config.site.zone, Timestamp::now()));
            let at = at.transpose().map_err(|e| Failure::usage(e.said()))?;
            let seen = SeenVehicle {
                cargo: cargo.as_deref(),
                ..SeenVehicle::sure(plate.as_str(), color)
            };
            let decision = explain(&config, seen, lane.as_deref(), at)?;
            if *json {
                return say(&serde_json::to_string(&decision)?);
            }
            let language = config.language;
            let verdict = language.named(Group::Decision, decision.verdict.as_str());
            let reason = decision.reason.as_str();
            let why = policy::explain(reason, &decision.grounds, language, &config.site.zone);
            say(&format!("{plate}  {verdict}"))?;
            print(
                &why.iter()
                    .map(|line| format!("    {line}"))
                    .collect::<Vec<_>>(),
            )
        }
        PolicyCommand::Replay { from, to, with } => {
            let said = StrategySaid {
                file: with.as_deref(),
                ..StrategySaid::default()
            };
            let strategy = said.strategy(&config.site.zone, Timestamp::now())?;
            replay(&config, from, to.as_deref(), strategy)
        }
    }
}

fn explain(
    config: &Config,
    seen: SeenVehicle<'_>,
    lane: Option<&str>,
    at: Option<Timestamp>,
) -> Result<Decision, Failure> {
    let at = at.unwrap_or_else(Timestamp::now);
    let mut lanes = config.lanes.iter();
    let found = match lane {
        Some(name) => lanes.find(|lane| lane.name == name),
        None => lanes.next(),
    };
    let lane = found.ok_or_else(|| {
        Failure::usage(Said::with(
            Key::MistakeNoSuchLane,
            "name",
            lane.unwrap_or_default(),
        ))
    })?;
    let reader = Reader::open(&config.data_folder)?;
    let book = policies::read(config, &reader)?;
    let today = Today::new(reader, config.site.zone.clone());
    let seen = SeenVehicle {
        lane: &lane.name,
        direction: Some(lane.settings.direction),
        entries_today: today.entries(seen.plate, seen.color, at),
        ..seen
    };
    Ok(book.decide(seen, at))
}

fn replay(config: &Config, from: &str, to: Option<&str>, with: Option<Strategy>) -> Outcome {
    let (zone, now) = (&config.site.zone, Timestamp::now());
    let time = |e: records::NotATime| Failure::usage(e.said());
    let from = range_start(from, zone, now).map_err(time)?;
    let until = to
        .map(|to| records::range_end(to, zone, now))
        .transpose()
        .map_err(time)?;
    let filter = Filter {
        from: Some(from),
        until,
        ..Filter::default()
    };
    let reader = Reader::open(&config.data_folder)?;
    let held = policies::read(config, &reader)?;
    let found = match with {
        None => rules::replay(&reader, &filter, &held, None),
        Some(strategy) => {
            let trial = rules::trial(&held, strategy, from);
            rules::replay(&reader, &filter, &trial, Some(&held))
        }
    };
    let found = found?;
    print(&reports::replay_lines(&found, config.language, zone))
}
