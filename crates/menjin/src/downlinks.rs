//! `menjin downlinks`: what platforms sent down.

use ledger::Reader;
use serde_json::json;
use sync::DownlinkKind;

use crate::cli::DownlinksArgs;

use crate::exit::Outcome;
use crate::print::print;

pub(crate) fn main(args: &DownlinksArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let reader = Reader::open(&config.data_folder)?;
    let mut lines = Vec::new();
    for kind in DownlinkKind::ALL {
        let name = kind.as_str();
        if args.kind.as_deref().is_some_and(|wanted| wanted != name) {
            continue;
        }
        let entries = reader.downlinks(name)?;
        if args.json {
            lines.extend(entries.iter().map(|entry| {
                json!({"id": entry.id, "kind": name, "platform": entry.platform,
                       "platform_id": entry.platform_id, "received_at": entry.received_at,
                       "confirmed_at": entry.answered_at, "items": entry.parsed,
                       "as_sent": entry.raw})
                .to_string()
            }));
            continue;
        }
        let fetches = reader.downlink_fetches(name)?;
        let is_confirmed = kind == DownlinkKind::Strategy;
        let style = (config.language, &config.site.zone);
        lines.extend(reports::downlink_lines(
            name,
            &fetches,
            &entries,
            is_confirmed,
            style,
        ));
    }
    print(&lines)
}
