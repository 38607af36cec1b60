//! `menjin passages`: the combined query, shown or exported.

pub(crate) mod export;
mod filter;

use jiff::tz::TimeZone;
use ledger::{Cursor, Filter, PassageView, Reader};
use words::{Group, Key, Language};

use crate::cli::passages::PassagesArgs;
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::register::say;

pub(crate) use filter::moment;

pub(crate) fn main(args: &PassagesArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let (zone, language) = (&config.site.zone, config.language);
    let filter = filter::of(args, zone)?;
    if args.visits {
        return visits(&reader, &filter, args.limit, zone);
    }
    let files: Vec<_> = [&args.csv, &args.xlsx].into_iter().flatten().collect();
    for file in &files {
        let count = export::to_file(&reader, &filter, file, zone, language)?;
        let path = file.display();
        let values: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("file", &path)];
        say(&language.fill(Key::ConsoleExported, &values))?;
    }
    if !files.is_empty() {
        return Ok(());
    }
    let after: Option<Cursor> = args
        .after
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(|e| Failure::usage(format!("--after: {e}")))?;
    let page = reader
        .search(&filter, after, args.limit)
        .map_err(|e| refusal(&e))?;
    for passage in &page.passages {
        if args.json {
            say(&serde_json::to_string(passage).map_err(|e| Failure::job(&e))?)?;
        } else {
            say(&line(passage, zone, language))?;
        }
    }
    match page.next {
        Some(next) if !args.json => {
            let next = serde_json::to_string(&next).map_err(|e| Failure::job(&e))?;
            say(&format!("--after '{next}'"))
        }
        _ => Ok(()),
    }
}

fn refusal(error: &ledger::Error) -> Failure {
    match error.kind() {
        ledger::ErrorKind::Invalid => Failure::usage(error.to_string()),
        _ => Failure::job(error),
    }
}

fn line(passage: &PassageView, zone: &TimeZone, language: Language) -> String {
    let (plate, color) = passage.plate().map_or_else(
        || (language.text(Key::CaptionUnread), ""),
        |(plate, color)| (plate, language.text(Key::of_color(color))),
    );
    let marks = [
        passage.paper.as_ref().map(|_| Key::PassagePaper),
        (!passage.corrections.is_empty()).then_some(Key::PassageCorrected),
    ];
    let marks: Vec<_> = marks
        .into_iter()
        .flatten()
        .map(|k| language.text(k))
        .collect();
    format!(
        "{}  {}  {}  {}  {plate} {color}  {}  {}  {}",
        passage.id,
        passage
            .decided_at
            .to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S"),
        passage.lane,
        language.named(Group::Direction, passage.direction.as_str()),
        language.named(Group::Decision, passage.decision.as_str()),
        language.named(Group::Reason, &passage.reason),
        marks.join(" ")
    )
    .trim_end()
    .to_owned()
}

fn visits(reader: &Reader, filter: &Filter, limit: usize, zone: &TimeZone) -> Outcome {
    let (Some(from), Some(until)) = (filter.from, filter.until) else {
        return Err(Failure::usage("--visits needs --from and --until"));
    };
    let visits = reader
        .visits(from, until, limit)
        .map_err(|e| Failure::job(&e))?;
    for visit in visits {
        let side = |side: Option<(ledger::PassageId, jiff::Timestamp)>| {
            side.map_or_else(
                || "-".to_owned(),
                |(id, at)| {
                    let at = at
                        .to_zoned(zone.clone())
                        .strftime("%Y-%m-%d %H:%M:%S")
                        .to_string();
                    format!("{at} #{id}")
                },
            )
        };
        let (entered, left) = (side(visit.entered), side(visit.left));
        say(&format!(
            "{} {}  {entered}  {left}",
            visit.plate, visit.color
        ))?;
    }
    Ok(())
}
