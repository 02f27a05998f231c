//! Versioned, checksummed binary encoding of compact state.
