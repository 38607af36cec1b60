//! `menjin passages`: the combined query, shown or exported.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::{Cursor, Filter, Reader};
use reports::{PassageQuery, passage_line, visit_line};
use words::Key;

use crate::cli::passages::PassagesArgs;
use crate::config;
use crate::exit::{Failure, Outcome, note};
use crate::print::say;
use crate::register::format;

pub(crate) fn main(args: &PassagesArgs) -> Outcome {
    let config = config::load(&args.config.config).map_err(|e| Failure::usage(e.to_string()))?;
    let reader = Reader::open(&config.data_folder).map_err(|e| Failure::job(&e))?;
    let (zone, language) = (&config.site.zone, config.language);
    let failed = |e: reports::Error| Failure::report(&e, language);
    let filter = query(args).filter(zone, Timestamp::now()).map_err(failed)?;
    if args.visits {
        return visits(&reader, &filter, args.limit, zone);
    }
    let files: Vec<_> = [&args.csv, &args.xlsx].into_iter().flatten().collect();
    for path in &files {
        let format = format(path)?;
        let count = reports::whole_file(path, |out| {
            reports::passages(&reader, &filter, (out, format), zone, language)
        });
        let (count, file) = (count.map_err(failed)?, path.display());
        say(&language.fill(Key::ConsoleExported, &[("count", &count), ("file", &file)]))?;
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
    let page = reader.search(&filter, after, args.limit);
    let page = page.map_err(|e| failed(e.into()))?;
    if page.passages.is_empty() && after.is_none() {
        note(&reports::nothing_found(&filter, language));
    }
    for passage in &page.passages {
        if args.json {
            say(&serde_json::to_string(passage).map_err(|e| Failure::job(&e))?)?;
        } else {
            say(&passage_line(passage, zone, language))?;
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

fn query(args: &PassagesArgs) -> PassageQuery<'_> {
    PassageQuery {
        from: args.from.as_deref(),
        until: args.until.as_deref(),
        plate: args.plate.as_deref(),
        whole: args.whole,
        similar: args.similar,
        unread: args.unread,
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

fn visits(reader: &Reader, filter: &Filter, limit: usize, zone: &TimeZone) -> Outcome {
    let (Some(from), Some(until)) = (filter.from, filter.until) else {
        return Err(Failure::usage("--visits needs --from and --until"));
    };
    let visits = reader.visits(from, until, limit);
    let visits = visits.map_err(|e| Failure::job(&e))?;
    visits
        .iter()
        .try_for_each(|visit| say(&visit_line(visit, zone)))
}
