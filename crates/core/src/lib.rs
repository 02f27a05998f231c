//! Vocabulary and traits that VOID-STATE crates meet through.
