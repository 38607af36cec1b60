//! The gate edge service: command line in, exit code out.

mod bench;
mod check;
mod cli;
mod config;
mod exit;
mod models;
mod read;
mod run;
mod show;
mod simulate;
mod status;

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
        Command::Simulate(args) => simulate::main(&args),
    })
}
