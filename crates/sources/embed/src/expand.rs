//! What the macros expand to; no promise is made about it.

pub use std::borrow::Cow;
pub use std::string::String;

pub use voidstate_core::Unit;

pub use crate::ring::{fire_event, fire_sample};
pub use crate::site::Site;
pub use crate::span::{AsyncSpan, SpanGuard, enter, observe};

/// Checks at compile time.
pub mod check {
    pub use crate::check::{attribute_names, hook_name, label_names, plain};
}
