//! Watch a Rust program from inside: hook points, observed functions, allocator, tracing layer.
