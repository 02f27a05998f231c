//! The anomaly tool: episodes of unusual behaviour from any series.
