//! Ctrl-C: once finishes and saves, twice stops. SIGHUP: the settings are read again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use crate::problem::Problem;

/// Tells whether the user asked to finish.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

/// Tells whether the user asked for the settings to be read again.
#[derive(Debug, Clone)]
pub(crate) struct Hangup(Arc<AtomicBool>);

impl Hangup {
    /// Listens from now on; without it the signal would end the program.
    pub(crate) fn listen() -> Result<Self, Problem> {
        let asked = Arc::new(AtomicBool::new(false));
        flag::register(SIGHUP, Arc::clone(&asked))
            .map_err(|error| Problem::internal("signal handling", error))?;
        Ok(Self(asked))
    }

    /// Whether it was asked for since the last time.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl Interrupt {
    /// Listens from now on. The second signal ends the program at once with the exit code of a signal.
    pub(crate) fn listen() -> Result<Self, Problem> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            let fail = |error| Problem::internal("signal handling", error);
            // Registered first: ends the program when the flag is already set.
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&asked))
                .map_err(fail)?;
            flag::register(signal, Arc::clone(&asked)).map_err(fail)?;
        }
        Ok(Self(asked))
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
