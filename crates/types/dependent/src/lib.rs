//! Sizes.

#![forbid(unsafe_code)]

mod brand;
#[cfg(feature = "typenum")]
pub mod bridge;
mod budget;
mod count;
#[cfg(feature = "nalgebra")]
mod dense;
mod deps;
mod error;
mod fin;
mod matrix;
pub mod peano;
mod refine;
mod ring;
mod vector;
mod window;
#[cfg(feature = "serde")]
mod wire;

pub use brand::{BVec, Idx};
pub use budget::{Budget, Cost, Declared, Limit, Meter, Plan, Spent, Step, Then};
pub use count::{Count, Exact};
pub use deps::{Deps, Named, WithDeps, are_distinct};
pub use error::Error;
pub use fin::Fin;
pub use matrix::Matrix;
pub use refine::{
    Bounded, Finite, NonEmpty, NonNegative, Order, Positive, Probability, Refined, Rule, Sorted,
    rule,
};
pub use ring::Ring;
pub use vector::Vector;
pub use window::{Filled, Filling, Window};
