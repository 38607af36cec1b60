//! `menjin doctor`: which of our commands are asked for an engineer elsewhere.

use std::ffi::OsString;
use std::time::Duration;

use ::doctor::{DoctorArgs, Keep, Question, doctor};
use config::{Config, languages};

use crate::exit::{Failure, Outcome};
use crate::print::say;

/// A ledger of two years is read through for some of the answers.
const LIMIT: Duration = Duration::from_secs(120);
const DAYS: i64 = 7;
const CAMERA_SECONDS: &str = "10";

/// Of alarms: not whom or what they are about, and not who has seen them.
const OF_ALARMS: [&str; 7] = [
    "alarm",
    "kind",
    "lane",
    "state",
    "times",
    "raised_at",
    "cleared_at",
];

pub(crate) fn main(args: &DoctorArgs) -> Outcome {
    let done = doctor(args, |config| questions(args, config)).map_err(Failure::Job)?;
    let language = languages(Some(args.config())).first().copied();
    say(&done.text(language.unwrap_or_default()))
}

fn questions(args: &DoctorArgs, config: Option<&Config>) -> Vec<Question> {
    let ask = |file: &str, words: &[&str]| {
        let mut words: Vec<OsString> = words.iter().map(OsString::from).collect();
        words.extend(["--config".into(), args.config().into()]);
        Question::to_ourselves(file, words, LIMIT)
    };
    let mut all = vec![
        Question::to_ourselves("version.txt", vec!["--version".into()], LIMIT),
        ask("configuration.toml", &["config"]),
        ask("status.json", &["status", "--json"]),
        ask("check.json", &["check", "--json"]),
        ask("alarms.json", &["alarms", "--json"]).keeping(Keep::Fields(&OF_ALARMS)),
    ];
    let Some(config) = config else {
        return all;
    };
    let today = jiff::Timestamp::now()
        .to_zoned(config.site.zone.clone())
        .date();
    for back in 0..DAYS {
        let Ok(day) = today.checked_sub(jiff::Span::new().days(back)) else {
            break;
        };
        let day = day.to_string();
        all.push(ask(
            &format!("week/{day}.json"),
            &["report", "--json", "--day", &day],
        ));
    }
    if args.with_cameras() {
        for lane in &config.lanes {
            let words = [
                "camera",
                "check",
                &lane.name,
                "--json",
                "--seconds",
                CAMERA_SECONDS,
            ];
            all.push(ask(&format!("cameras/{}.json", lane.name), &words));
        }
    }
    all
}
