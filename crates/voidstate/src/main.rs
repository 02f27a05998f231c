//! `voidstate`: watch a system and be told what behaves differently, since when, and who stands out.
//!
//! The only place of the house where concrete things are wired together; one thin file per verb in `verbs/`.

#![forbid(unsafe_code)]
#![expect(clippy::print_stderr, reason = "a program talks to its user")]

mod cli;
mod cost;
mod equivalence;
mod interrupt;
mod isolation;
mod lines;
mod place;
mod problem;
mod recording;
mod reload;
mod self_cost;
mod settings;
mod sinks;
mod surroundings;
mod verbs;
mod wiring;
mod words;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Verb};
use crate::problem::Exit;

/// Memory is measured per tool, so that one that holds too much can be named.
#[global_allocator]
static ALLOCATOR: wiring::Allocator = wiring::ALLOCATOR;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // A panic has printed its message; what is left is to end as a fault of the program.
    std::panic::catch_unwind(|| run(cli)).unwrap_or_else(|_| Exit::Internal.into())
}

fn run(cli: Cli) -> ExitCode {
    let outcome = match cli.verb.unwrap_or(Verb::Watch(cli.watch)) {
        Verb::Watch(args) => verbs::watch::run(&args),
        Verb::Analyze(args) => verbs::analyze::run(&args),
        Verb::Doctor(args) => verbs::doctor::run(&args),
        Verb::Equiv(args) => verbs::equiv::run(&args),
        Verb::Replay(args) => verbs::replay::run(&args),
        Verb::Tools(args) => verbs::tools::run(&args),
        Verb::ToolHost(args) => verbs::tool_host::run(&args),
    };
    match outcome {
        Ok(exit) => exit.into(),
        // Whoever read our output has gone; there is nobody left to tell.
        Err(problem) if problem.is_broken_pipe() => Exit::Ok.into(),
        Err(problem) => {
            eprintln!("{problem}");
            problem.exit().into()
        }
    }
}
