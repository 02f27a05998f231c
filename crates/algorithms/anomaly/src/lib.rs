//! Streaming anomaly and drift detection without tuning.
