//! Runs the crate's defaults over a folder of reference data and scores the answers.
//!
//! `cargo run --release -p voidstate-anomaly --example reference -- DATA_DIR [--out ANSWERS_DIR]`
//!
//! DATA_DIR is either a benchmark folder in NAB's format (`data/<category>/<series>.csv` and `combined_windows.json`)
//! or a folder of drift streams (recognised by `streams.py`). Exit 1 when anything cannot be read or does not fit.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a program of its own: it takes arguments, reads and writes files and measures"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that prints scores"
)]

use std::path::PathBuf;
use std::process::ExitCode;

#[path = "reference/drift.rs"]
mod drift;
#[path = "reference/nab.rs"]
mod nab;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("reference: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut data = None;
    let mut out = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--out" => out = Some(PathBuf::from(args.next().ok_or("--out needs a directory")?)),
            _ if data.is_none() && !arg.starts_with('-') => data = Some(PathBuf::from(arg)),
            _ => {
                return Err(format!(
                    "unexpected argument {arg}; usage: reference DATA_DIR [--out ANSWERS_DIR]"
                )
                .into());
            }
        }
    }
    let data = data.ok_or("usage: reference DATA_DIR [--out ANSWERS_DIR]")?;
    if data.join("streams.py").is_file() {
        drift::run(&data, out.as_deref())
    } else if data.join("data").is_dir() || data.join("combined_windows.json").is_file() {
        nab::run(&data, out.as_deref())
    } else {
        Err(format!(
            "{} is neither a NAB folder (data/) nor a drift folder (streams.py)",
            data.display()
        )
        .into())
    }
}
