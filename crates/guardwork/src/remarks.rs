//! Notes and tags of a vehicle.

use config::OrderTaker;
use ledger::Reader;
use orders::{Order, RemarkSaid};
use passage::RemarkKind;
use plate::PlateNumber;
use words::Key;

use crate::Error;
use crate::asked::NoteArgs;

/// Remarks that are shown at most.
const MOST: usize = 500;

/// Notes and tags of a vehicle: shows them, writes one, or takes one back.
///
/// # Errors
/// When it was refused, it lacks who or why, or there is nothing to read.
pub fn note(args: &NoteArgs, submit: OrderTaker<'_>) -> Result<Vec<String>, Error> {
    let config = config::load(&args.config.config)?;
    let needs = || Error::Asked(Key::RemarkWhat.into());
    let who = || args.who.clone().ok_or_else(needs);
    let order = match (&args.note, &args.tag, args.withdraw) {
        (Some(words), ..) => remark(args, RemarkKind::Note, words, who()?),
        (None, Some(words), _) => remark(args, RemarkKind::Tag, words, who()?),
        (None, None, Some(remark)) => Order::WithdrawRemark {
            remark: passage::RemarkId(remark),
            who: who()?,
            why: args.why.clone().ok_or_else(needs)?,
        },
        (None, None, None) => {
            let plate = PlateNumber::normalise(&args.plate);
            let reader = Reader::open(&config.data_folder)?;
            let remarks = reader.remarks_of(plate.as_str(), MOST)?;
            if args.json {
                let lines = remarks.iter().map(serde_json::to_string);
                return Ok(lines.collect::<Result<_, _>>()?);
            }
            let (language, zone) = (config.language, &config.site.zone);
            return Ok(reports::remark_lines(
                plate.as_str(),
                &remarks,
                language,
                zone,
            ));
        }
    };
    Ok(vec![submit(&config, order)?.text(config.language)])
}

fn remark(args: &NoteArgs, kind: RemarkKind, words: &str, who: String) -> Order {
    Order::Remark(RemarkSaid {
        plate: args.plate.clone(),
        color: None,
        kind,
        words: words.to_owned(),
        who,
    })
}
