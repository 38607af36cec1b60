//! `menjin verify`: was the ledger changed past the program?

use ledger::{Reader, VerifyOptions};
use reports::Proof;
use serde_json::json;

use crate::cli::VerifyArgs;
use crate::config;
use crate::exit::{Failure, Outcome};
use crate::print::print;

pub(crate) fn main(args: &VerifyArgs) -> Outcome {
    let config = config::load(&args.config.config)?;
    let anchors = match &args.anchors {
        Some(path) => housekeeping::read_anchors(path).map_err(|e| Failure::usage(e.said()))?,
        None => Vec::new(),
    };
    let reader = Reader::open(&config.data_folder)?;
    let options = VerifyOptions {
        anchors,
        ..VerifyOptions::default()
    };
    let proof = Proof::of(&reader, &options, args.rows_only);
    let proof = proof?;
    let mut lines = if args.json {
        vec![serde_json::to_string_pretty(&json!(proof))?]
    } else {
        proof.told(config.language, &config.site.zone)
    };
    if let (Some(mqtt), false) = (&config.mqtt, args.json) {
        let (left, waiting) = reader.anchors_at(&mqtt.name)?;
        let told = reports::elsewhere(&mqtt.name, &left, &waiting, config.language);
        lines.extend(told);
    }
    print(&lines)?;
    if proof.verdict.breaks.is_empty() && proof.photos.is_empty() {
        Ok(())
    } else {
        Err(Failure::Told)
    }
}
