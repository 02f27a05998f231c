//! Series with a shape: what monitored systems do.

mod disorder;
mod grid;
mod kinds;

pub use disorder::Disorder;
pub use grid::{Gaps, Grid, Shaped};
pub use kinds::{Bursts, Counter, LevelShift, Ramp, Seasonal};
