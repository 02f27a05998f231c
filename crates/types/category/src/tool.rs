//! Finite categories of tools, given by their objects and morphisms, whose laws are tried on given inputs.
//!
//! ```
//! use voidstate_category::stream::arr;
//! use voidstate_category::tool::{Inputs, ToolCategory};
//!
//! let mut tools = ToolCategory::new();
//! tools.add_object("celsius")?;
//! tools.add_object("kelvin")?;
//! tools.add("convert", "celsius", "kelvin", arr(|t: i32| t + 273))?;
//! tools.add("smooth", "kelvin", "kelvin", arr(|t: i32| t / 2 * 2))?;
//! let inputs = Inputs::from([("celsius".into(), vec![vec![-3, 20]]), ("kelvin".into(), vec![vec![300]])]);
//! let checked = tools.verify_category_axioms(&inputs)?;
//! assert_eq!(checked.cases("left identity"), 2);
//! # Ok::<(), voidstate_category::Unverified>(())
//! ```
//!
//! Two morphisms are equal here when they answer the same to every input sequence that was given: evidence, not proof, and
//! a [`Checked`](crate::Checked) says of how many cases. What was never put to the test is
//! [`NothingToCheck`](crate::Unverified::NothingToCheck) and never passes for true. A panic of a machine goes through.

mod category;
mod functor;
mod morphism;
mod transformation;
mod verify;

pub use category::{Inputs, ToolCategory};
pub use functor::{ToolFunctor, Traced};
pub use morphism::Morphism;
pub use transformation::ToolTransformation;
