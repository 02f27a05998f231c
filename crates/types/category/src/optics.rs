//! Ways to parts of a value: lenses, prisms, isomorphisms, affine traversals, traversals.
//!
//! ```
//! use voidstate_category::{Lenses, Prisms, optics::each};
//!
//! #[derive(Lenses)]
//! struct Config { rules: Vec<Rule> }
//! #[derive(Prisms)]
//! enum Rule { Above(f64), Silent }
//!
//! let mut config = Config { rules: vec![Rule::Above(0.5), Rule::Silent] };
//! let limits = Config::RULES.then(each()).then(Rule::ABOVE);
//! limits.modify(&mut config, |limit| *limit *= 2.0);
//! assert_eq!(limits.collect(&config), [1.0]);
//! ```
//!
//! | | parts | asks of its functions | has |
//! |---|---|---|---|
//! | [`Iso`] ([`IsIso`]) | one, and the part is the whole | `to`, `from` | all below |
//! | [`Lens`] ([`IsLens`]) | one | a reference to the part | `get`, `set`, `with`, `with_mut` |
//! | [`Prism`] ([`IsPrism`]) | at most one, of which the whole can be built | a reference, maybe; `review` | `review` |
//! | [`AffineTraversal`] ([`IsAffine`]) | at most one | a reference, maybe | `preview`, `try_set` |
//! | [`Traversal`] ([`IsTraversal`]) | any number | to visit each | `modify`, `collect`, `set_all` |
//!
//! An [`Optic`] has the methods of what it is; [`then`](Optic::then) composes any two, and the composition is what both
//! are: a lens then a prism is an affine traversal. Parts are lent, not copied, so that a composed lens is compiled as the
//! field access it stands for.
//!
//! Laws, checked with the suites of `voidstate-properties`: what was set is got; setting what is there changes nothing;
//! the last of two settings counts; what a prism built it finds, and from what it finds it builds the same; a traversal
//! visits each part once.

mod compose;
mod core;
mod field;
mod inverse;
mod kinds;
mod ready;

pub use compose::Composed;
pub use core::Optic;
pub use field::{
    AffineTraversal, Field, Iso, Lens, Partial, Parts, Prism, Translation, Traversal, Variant,
    Visit, VisitMut, affine, iso, lens, prism, traversal,
};
pub use inverse::Inverse;
pub use kinds::{IsAffine, IsIso, IsLens, IsPrism, IsTraversal};
pub use ready::{
    At, Each, Key, Values, at, both, each, err, identity, key, left, ok, right, some, values,
};
