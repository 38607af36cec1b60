//! Menjin as its users meet it: the program, started as a process, beside real servers.

mod chain;
mod commands;
mod connections;
mod crowd;
mod decisions;
mod earlier;
mod install;
mod keep;
mod languages;
mod pages;
mod people;
mod private;
mod reports;
mod resend;
mod scales;
mod service_manager;
mod support;
mod typed;
mod weighings;
