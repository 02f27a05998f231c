//! What a check measures with: the thread's clock and the program's allocator.

use std::time::Duration;

use voidstate_properties::tool::{Account, Meter, ThreadClock};
use voidstate_runtime::memory::{self, Owner};

/// The program's own clock and allocator.
#[derive(Debug)]
pub(super) struct ProgramMeter;

impl Meter for ProgramMeter {
    fn cpu_time(&self) -> Option<Duration> {
        ThreadClock.cpu_time()
    }

    fn account(&self) -> Option<Box<dyn Account>> {
        if !memory::is_measured() {
            return None;
        }
        Some(Box::new(OwnAccount(Owner::claim()?)))
    }
}

struct OwnAccount(Owner);

impl Account for OwnAccount {
    fn inside(&self, work: &mut dyn FnMut()) {
        let _entered = self.0.enter();
        work();
    }

    fn outside(&self, work: &mut dyn FnMut()) {
        let _entered = memory::outside();
        work();
    }

    fn live_bytes(&self) -> u64 {
        self.0.live_bytes()
    }
}
