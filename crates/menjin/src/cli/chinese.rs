//! The command line as Chinese readers see it: what it says of itself, and what is wrong with what was typed.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory as _};
use words::{Key, Language, Said, help_in_chinese};

use super::Cli;

/// The command line for those who read `languages`. Where nobody knows which of them, it is English and says how
/// to have it in Chinese.
pub(crate) fn command(languages: &[Language]) -> Command {
    let command = Cli::command();
    match languages {
        [Language::En] => command,
        [Language::Zh] => in_chinese(command),
        _ => command.after_help(zh(Key::UsageInChinese)),
    }
}

fn zh(key: Key) -> &'static str {
    Language::Zh.text(key)
}

fn in_chinese(mut command: Command) -> Command {
    // Makes clap's own arguments and commands, such as `--help`.
    command.build();
    tell(command)
}

fn tell(command: Command) -> Command {
    let about = told(command.get_about());
    let template = format!(
        "{{about-with-newline}}\n{}{{usage}}\n\n{{all-args}}",
        zh(Key::UsageHead)
    );
    command
        .about(about)
        .long_about(None)
        .help_template(template)
        .subcommand_help_heading(zh(Key::UsageCommands))
        .mut_args(argument)
        .mut_subcommands(tell)
}

fn argument(arg: Arg) -> Arg {
    let heading = match arg.is_positional() {
        true => Key::UsageArguments,
        false => Key::UsageOptions,
    };
    let mut help = told(arg.get_help());
    // A switch has values as well, which nobody writes.
    if arg.get_action().takes_values() {
        help += &values(&arg);
    }
    arg.help(help)
        .long_help(None)
        .help_heading(zh(heading))
        .hide_possible_values(true)
        .hide_default_value(true)
}

/// What may be written there, and what holds when nothing is.
fn values(arg: &Arg) -> String {
    let choices = arg.get_possible_values();
    let choices: Vec<&str> = choices.iter().map(|choice| choice.get_name()).collect();
    let default = match arg.get_default_values() {
        [default] => default.to_string_lossy(),
        _ => "".into(),
    };
    let told = |key, name, value: &str| match value {
        "" => String::new(),
        value => Said::with(key, name, value).text(Language::Zh),
    };
    told(Key::UsageChoices, "values", &choices.join(" "))
        + &told(Key::UsageDefault, "value", &default)
}

/// In Chinese, or as it is where nobody has said it yet: a test finds that.
fn told(english: Option<&StyledStr>) -> String {
    let english = english.map(ToString::to_string).unwrap_or_default();
    help_in_chinese(&english).map_or(english, str::to_owned)
}

/// What is wrong with what was typed; `None` where it is help that was asked for, or clap says more.
pub(crate) fn complaint(error: &clap::Error) -> Option<String> {
    let of = |kind| error.get(kind).map(shown).unwrap_or_default();
    let (what, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let said = match error.kind() {
        ErrorKind::MissingRequiredArgument => Said::with(Key::UsageMissing, "what", what),
        ErrorKind::MissingSubcommand => Said::plain(Key::UsageNoCommand),
        ErrorKind::UnknownArgument => perhaps(
            Said::with(Key::UsageUnknown, "what", what),
            of(ContextKind::SuggestedArg),
        ),
        ErrorKind::InvalidSubcommand => perhaps(
            Said::with(
                Key::UsageUnknownCommand,
                "what",
                of(ContextKind::InvalidSubcommand),
            ),
            of(ContextKind::SuggestedSubcommand),
        ),
        ErrorKind::InvalidValue if value.is_empty() => Said::with(Key::UsageNoValue, "what", what),
        ErrorKind::InvalidValue => Said::with(Key::UsageNotAChoice, "value", value)
            .and("what", what)
            .and("values", of(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => Said::with(Key::UsageBadValue, "value", value)
            .and("what", what)
            .and_said("why", why(error)),
        ErrorKind::ArgumentConflict => {
            Said::with(Key::UsageConflict, "what", what).and("with", of(ContextKind::PriorArg))
        }
        _ => return None,
    };
    let usage = of(ContextKind::Usage);
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    let usage = match usage {
        "" => String::new(),
        usage => format!("\n{}{usage}", zh(Key::UsageHead)),
    };
    let lines = [
        said.text(Language::Zh),
        usage,
        format!("\n{}", zh(Key::UsageSeeHelp)),
    ];
    Some(lines.concat())
}

fn perhaps(said: Said, meant: String) -> Said {
    if meant.is_empty() {
        return said;
    }
    said.then(Said::with(Key::UsagePerhaps, "what", meant))
}

/// What a value's own reader said, in Chinese where it knows how.
fn why(error: &clap::Error) -> Said {
    use std::error::Error as _;
    use std::num::{ParseFloatError, ParseIntError};
    let Some(source) = error.source() else {
        return Said::other("");
    };
    match source.downcast_ref::<Said>() {
        Some(said) => said.clone(),
        None if source.is::<ParseIntError>() || source.is::<ParseFloatError>() => {
            Said::plain(Key::UsageNotANumber)
        }
        None => Said::other(source),
    }
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn sentences(command: &Command, into: &mut BTreeSet<String>) {
        let args = command.get_arguments().filter_map(Arg::get_help);
        let all = args.chain(command.get_about()).map(ToString::to_string);
        into.extend(all.filter(|text| !text.is_empty()));
        for command in command.get_subcommands() {
            sentences(command, into);
        }
    }

    #[test]
    fn every_sentence_of_the_help_has_a_chinese_one_and_none_is_left_over() {
        let mut command = Cli::command();
        command.build();
        let mut english = BTreeSet::new();
        sentences(&command, &mut english);
        let chinese: BTreeSet<String> = words::helped().map(str::to_owned).collect();
        let missing: Vec<_> = english.difference(&chinese).collect();
        assert!(missing.is_empty(), "without Chinese: {missing:#?}");
        let left: Vec<_> = chinese.difference(&english).collect();
        assert!(left.is_empty(), "said by no command: {left:#?}");
    }

    #[test]
    fn help_has_chinese_headings_and_no_english_sentence() {
        let mut command = in_chinese(Cli::command());
        let correct = command.find_subcommand_mut("correct").expect("a command");
        let help = correct.render_help().to_string();
        for said in [
            zh(Key::UsageHead),
            zh(Key::UsageOptions),
            help_in_chinese("Who says so").expect("said"),
        ] {
            assert!(help.contains(said), "{help}");
        }
        for english in ["Usage", "Options", "Print", "default", "false", "Who"] {
            assert!(!help.contains(english), "{english}: {help}");
        }
    }

    #[test]
    fn what_was_typed_wrong_is_told_in_chinese_with_what_was_perhaps_meant() {
        let told = |typed: &[&str]| {
            let typed = [&["menjin"], typed].concat();
            let parsed = command(&[Language::Zh]).try_get_matches_from(typed);
            complaint(&parsed.expect_err("wrong")).expect("told")
        };
        assert!(told(&["chekc"]).contains("check"));
        assert!(told(&["correct", "1"]).contains("--why <TEXT>"));
        assert!(told(&["status", "--jsno"]).contains("--json"));
        assert!(told(&["downlinks", "--kind", "x"]).contains("over_limit"));
        let number = told(&["cargo", "No.1", "--who", "a", "--why", "b"]);
        assert!(
            number.contains("No.1") && !number.contains("digit"),
            "{number}"
        );
    }
}
