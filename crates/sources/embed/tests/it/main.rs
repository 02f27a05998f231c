//! A program and its watcher, end to end.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allocator;
mod attach;
mod collect;
#[cfg(feature = "macros")]
mod example;
mod hooks;
#[cfg(feature = "tracing")]
mod layer;
#[cfg(feature = "macros")]
mod observed;
mod soak;
mod stage;
#[cfg(feature = "macros")]
mod ui;

/// Every test runs on the wrapper: what re-enters it would overflow the stack here.
#[global_allocator]
static ALLOCATOR: voidstate_embed::ObservedAllocator =
    voidstate_embed::ObservedAllocator::new().sample_every_bytes(1 << 20);
