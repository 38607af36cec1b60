//! One file for an engineer elsewhere: how a gate is, as the program's own commands, the running daemon and
//! the system tell it. Plates and persons are taken out of every text of it; photos and secrets are never
//! looked at.
//!
//! A question that fails or takes too long costs its own answer only: why stands in its place. It changes
//! nothing, and knows no command: which of them are asked is handed to it.

mod ask;
mod asked;
mod bundle;
mod clean;
mod system;

use std::path::{Path, PathBuf};

use config::Config;
use jiff::Timestamp;
use words::{Key, Said};

pub use ask::{Keep, Question};
pub use asked::DoctorArgs;

use crate::bundle::Bundle;

/// Asks all of it, and gives where the file is, for a person. A configuration that does not load is one more
/// thing to tell: then the site is unknown.
///
/// # Errors
/// When the file could not be written.
pub fn doctor(
    args: &DoctorArgs,
    questions: impl FnOnce(Option<&Config>) -> Vec<Question>,
) -> Result<Said, Said> {
    let config = config::load(args.config()).ok();
    let now = Timestamp::now();
    let path = args.to.clone().unwrap_or_else(|| usual_name(now));
    let failed =
        |why: Said| Said::with(Key::DoctorFailed, "path", path.display()).and_said("why", why);
    let program = std::env::current_exe().map_err(|e| failed(Said::of_io(&e)))?;

    let mut bundle = Bundle::begin(&path, now).map_err(|e| failed(Said::of_io(&e)))?;
    for question in questions(config.as_ref()) {
        let answer = question.asked(&program);
        bundle.add(question.file(), &answer);
    }
    for question in system::questions() {
        let answer = question.asked(Path::new(question.program()));
        bundle.add(question.file(), &answer);
    }
    for (file, text) in system::files(config.as_ref()) {
        bundle.add(&file, &text);
    }
    if let Some(config) = &config {
        for page in ["healthz", "metrics"] {
            let answer = status::daemon_page(&config.status_pages, page);
            let answer = answer.unwrap_or_else(|e| format!("no daemon answers: {e}\n"));
            bundle.add(&format!("daemon/{page}"), &answer);
        }
    }
    let done = bundle.end().map_err(|e| failed(Said::of_io(&e)))?;
    Ok(Said::with(Key::DoctorWritten, "path", path.display())
        .and("count", done.files)
        .and("kilobytes", done.bytes.div_ceil(1000)))
}

fn usual_name(now: Timestamp) -> PathBuf {
    PathBuf::from(now.strftime("menjin-doctor-%Y%m%dT%H%M%SZ.zip").to_string())
}
