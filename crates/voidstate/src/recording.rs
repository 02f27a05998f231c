//! Recordings as the user meets them: made, told of, opened.

use std::path::Path;

use voidstate_runtime::{Error, Recorder, Recording, RecordingState};

use crate::problem::{Exit, Problem, chain};
use crate::words::count;

/// A new recording.
pub(crate) fn create(path: &Path) -> Result<Recorder, Problem> {
    let program = concat!("voidstate ", env!("CARGO_PKG_VERSION"));
    match Recorder::create(path) {
        Ok(recorder) => Ok(recorder.program(program)),
        Err(error) => {
            let next = "name a file that is not there yet, in a directory that you may write";
            Err(problem("the recording cannot be made", path, &error, next))
        }
    }
}

/// Opens a recording.
pub(crate) fn open(path: &Path) -> Result<Recording, Problem> {
    Recording::open(path).map_err(|error| unusable(path, &error))
}

/// A recording that cannot be replayed.
pub(crate) fn unusable(path: &Path, error: &Error) -> Problem {
    let next = match error {
        Error::ReplayTool { .. } => {
            "use the program and version that made the recording, or print it with `voidstate replay FILE --recorded`"
        }
        _ => "name what `voidstate watch --record FILE` wrote, of this version or an older one",
    };
    problem("the recording cannot be replayed", path, error, next)
}

fn problem(what: &str, path: &Path, error: &Error, next: &str) -> Problem {
    let exit = match error {
        Error::RecordingFile { cause, .. }
            if cause.kind() == std::io::ErrorKind::PermissionDenied =>
        {
            Exit::Permission
        }
        _ => Exit::Input,
    };
    Problem::new(exit, what, path.display().to_string(), chain(error), next)
}

/// Says, on standard error, how a recording went.
pub(crate) fn tell(state: &RecordingState) {
    let signals = count(state.signals, "signal");
    let each = state.bytes as f64 / state.signals.max(1) as f64;
    eprintln!(
        "recorded {signals} in {} bytes ({each:.1} each) to {}",
        state.bytes, state.place
    );
    if let Some(why) = &state.trouble {
        eprintln!("warning: the recording ended early: {why}");
    }
}
