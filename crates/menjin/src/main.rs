//! The gate edge service: command line in, exit code out.

mod backup;
mod bench;
mod check;
mod cli;
mod connections;
mod correct;
mod doctor;
mod downlinks;
mod exit;
mod models;
mod passages;
mod policies;
mod policy;
mod print;
mod read;
mod register;
mod remote;
mod report;
mod restore;
mod retention;
mod run;
mod shell;
mod show;
mod simulate;
mod status;
mod store;
mod strategy;
mod uploads;
mod weighbridge;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches as _};

use crate::cli::{Cli, Command};
use crate::exit::Outcome;

fn main() -> ExitCode {
    let languages = config::languages(None);
    let matches = match cli::chinese::command(&languages).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return exit::wrong_usage(&error, &languages),
    };
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|e| e.exit());
    let config = config_of(&matches);
    exit::code(done(cli.command), config.as_deref())
}

/// The configuration file of the command, if it has one.
fn config_of(matches: &ArgMatches) -> Option<PathBuf> {
    let own = matches.try_get_one::<PathBuf>("config").ok().flatten();
    own.cloned().or_else(|| config_of(matches.subcommand()?.1))
}

fn done(command: Command) -> Outcome {
    match command {
        Command::Run(args) => run::main(&args),
        Command::Read(args) => read::main(&args),
        Command::Bench(args) => bench::main(&args),
        Command::Check(args) => check::main(&args),
        Command::Config(args) => show::main(&args),
        Command::Camera(args) => exit::reported(fieldwork::camera(&args)),
        Command::Onvif(args) => exit::reported(fieldwork::onvif(&args, &config::languages(None))),
        Command::Doctor(args) => doctor::main(&args),
        Command::Status(args) => status::main(&args),
        Command::Register(args) => register::main(&args),
        Command::Passages(args) => passages::main(&args),
        Command::Verify(args) => exit::reported(audit::verify(&args, &config::languages(None))),
        Command::Video(args) => exit::reported(audit::video(&args, &store::ordered)),
        Command::Recount(args) => exit::reported(audit::recount(&args, &print::progress)),
        Command::Inspect(args) => exit::reported(audit::inspect(args, &store::ordered)),
        Command::Backup(args) => backup::main(&args),
        Command::Restore(args) => restore::main(&args),
        Command::Retention(args) => retention::main(&args),
        Command::Correct(args) => correct::correct(&args),
        Command::Cargo(args) => correct::cargo(&args),
        Command::Enter(args) => correct::enter(&args),
        Command::Weighbridge(args) => match args.command {
            cli::WeighbridgeKind::Import(args) => weighbridge::main(&args),
        },
        Command::Report(args) => report::main(&args),
        Command::Uploads(args) => uploads::main(&args),
        Command::Downlinks(args) => downlinks::main(&args),
        Command::Lift(args) => exit::printed(guardwork::lift(&args, &store::ordered)),
        Command::Hold(args) => exit::printed(guardwork::hold(&args, &store::ordered)),
        Command::Lifts(args) => exit::printed(guardwork::lifts(&args)),
        Command::Alarms(args) => exit::printed(guardwork::alarms(&args, &store::ordered)),
        Command::Note(args) => exit::printed(guardwork::note(&args, &store::ordered)),
        Command::Strategy(args) => strategy::strategy(&args),
        Command::Visitor(args) => strategy::visitor(&args),
        Command::OverLimit(args) => strategy::over_limit(&args),
        Command::Policy(args) => policy::main(&args),
        Command::Simulate(args) => simulate::main(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
    }
}
