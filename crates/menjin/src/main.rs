//! The gate edge service: command line in, exit code out.

mod backup;
mod bench;
mod check;
mod cli;
mod config;
mod connections;
mod correct;
mod downlinks;
mod exit;
mod models;
mod passages;
mod print;
mod read;
mod register;
mod report;
mod restore;
mod retention;
mod run;
mod shell;
mod show;
mod simulate;
mod status;
mod store;
mod uploads;
mod verify;
mod weighbridge;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    exit::code(match cli.command {
        Command::Run(args) => run::main(&args),
        Command::Read(args) => read::main(&args),
        Command::Bench(args) => bench::main(&args),
        Command::Check(args) => check::main(&args),
        Command::Config(args) => show::main(&args),
        Command::Status(args) => status::main(&args),
        Command::Register(args) => register::main(&args),
        Command::Passages(args) => passages::main(&args),
        Command::Verify(args) => verify::main(&args),
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
        Command::Simulate(args) => simulate::main(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
    })
}
