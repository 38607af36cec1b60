//! `menjin passages`: the combined query, shown or exported.

use std::path::Path;

use jiff::Timestamp;
use ledger::{Cursor, Filter, Reader};
use reports::{PassageQuery, passage_line, visit_line};
use words::{Key, Said};

use crate::cli::passages::PassagesArgs;
use crate::exit::{Failure, Outcome, note};
use crate::print::say;
use crate::register::format;
use config::Config;

pub(crate) fn main(args: &PassagesArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let reader = Reader::open(&config.data_folder)?;
    let (zone, language) = (&config.site.zone, config.language);
    let filter = query(args).filter(zone, Timestamp::now())?;
    if args.visits {
        return visits(&reader, &filter, args.limit, &config);
    }
    let written = |path: &Path, count: usize| {
        let file = path.display();
        say(&language.fill(Key::ConsoleExported, &[("count", &count), ("file", &file)]))
    };
    let mut files = false;
    for path in [&args.csv, &args.xlsx].into_iter().flatten() {
        let format = format(path)?;
        let count = reports::whole_file(path, |out| {
            reports::passages(&reader, &filter, (out, format), zone, language)
        });
        written(path, count?)?;
        files = true;
    }
    if let Some(path) = &args.zip {
        let write = |out| reports::photos_zip(&reader, &filter, out, zone, language);
        written(path, reports::whole_file(path, write)?)?;
        files = true;
    }
    if let Some(path) = &args.truth {
        let write = |out| reports::truth_zip(&reader, &filter, out, zone);
        written(path, reports::whole_file(path, write)?)?;
        files = true;
    }
    if files {
        return Ok(());
    }
    let after: Option<Cursor> = args
        .after
        .as_deref()
        .map(|text| text.parse())
        .transpose()
        .map_err(|_| {
            let after = args.after.as_deref().unwrap_or_default();
            Failure::usage(Said::with(Key::AskCursor, "after", after))
        })?;
    let page = reader.search(&filter, after, args.limit);
    let page = page.map_err(reports::Error::from)?;
    if page.passages.is_empty() && after.is_none() {
        note(&reports::nothing_found(&filter, language));
    }
    for passage in &page.passages {
        if args.json {
            say(&serde_json::to_string(passage)?)?;
        } else {
            say(&passage_line(passage, zone, language))?;
        }
    }
    match page.next {
        Some(next) if !args.json => say(&language.fill(Key::ConsoleNextPage, &[("after", &next)])),
        _ => Ok(()),
    }
}

fn query(args: &PassagesArgs) -> PassageQuery<'_> {
    PassageQuery {
        from: args.from.as_deref(),
        until: args.until.as_deref(),
        plate: args.plate.as_deref(),
        whole: args.whole,
        similar: args.similar,
        unread: args.unread,
        read: args.read,
        entrance: args.entrance.as_deref(),
        lane: args.lane.as_deref(),
        direction: args.direction.as_deref(),
        color: args.color.as_deref(),
        emission: args.emission.as_deref(),
        fuel: args.fuel.as_deref(),
        decision: args.decision.as_deref(),
        reason: args.reason.as_deref(),
        upload: args.upload.as_deref(),
        oldest_first: args.oldest_first,
    }
}

fn visits(reader: &Reader, filter: &Filter, limit: usize, config: &Config) -> Outcome {
    let (Some(from), Some(until)) = (filter.from, filter.until) else {
        return Err(Failure::usage(Key::AskVisitsRange));
    };
    let visits = reader.visits(from, until, limit);
    let visits = visits?;
    visits
        .iter()
        .try_for_each(|visit| say(&visit_line(visit, &config.site.zone, config.language)))
}
