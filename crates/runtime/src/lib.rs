//! Tool registry, hook bus, lifecycle and engine.
