//! Atomics and the asymmetric barrier; the model checker compiles `hazard.rs` against its own version of this module.

pub(super) use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use std::sync::OnceLock;
use std::sync::atomic::{compiler_fence, fence};

/// Whether the kernel runs a barrier on all threads for us, so that a firing thread needs none.
///
/// Decided once: Linux from 4.14 on, unless a seccomp filter refuses the call. Otherwise both sides use full fences.
pub(super) fn asymmetric() -> bool {
    static ASYMMETRIC: OnceLock<bool> = OnceLock::new();
    *ASYMMETRIC.get_or_init(register)
}

#[cfg(target_os = "linux")]
fn register() -> bool {
    use rustix::thread::{MembarrierCommand as Command, membarrier};
    membarrier(Command::RegisterPrivateExpedited).is_ok()
        && membarrier(Command::PrivateExpedited).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn register() -> bool {
    false
}

/// Whether the compiler knows that firing needs a fence of its own.
pub(super) const FENCED: bool = !cfg!(target_os = "linux");

/// The firing thread's side: orders its announcement before its second look at the list.
#[inline(always)]
pub(super) fn light(fenced: bool) {
    if fenced {
        fence(Ordering::SeqCst);
    } else {
        compiler_fence(Ordering::SeqCst);
    }
}

/// The other side: after it, every announcement made before a look at the old list can be seen.
pub(super) fn heavy() {
    fence(Ordering::SeqCst);
    #[cfg(target_os = "linux")]
    if asymmetric() {
        use rustix::thread::{MembarrierCommand as Command, membarrier};
        // It cannot fail once registered; a retry is the only sound answer to a spurious failure.
        while membarrier(Command::PrivateExpedited).is_err() {
            std::thread::yield_now();
        }
    }
    fence(Ordering::SeqCst);
}
