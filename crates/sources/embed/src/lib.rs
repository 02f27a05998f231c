#![doc = "placeholder"]
#![deny(unsafe_code)]

mod allocator;
mod attach;
mod check;
mod error;
mod intake;
#[cfg(feature = "tracing")]
mod layer;
mod macros;
mod memory;
mod observer;
mod ring;
mod server;
mod site;
mod socket;
mod span;
mod tables;
mod value;
mod wire;

pub use allocator::{ObservedAllocator, SAMPLE_EVERY_BYTES};
pub use attach::AttachSource;
pub use check::{ATTRIBUTES_MAX, SAMPLE_LABELS_MAX};
pub use error::Error;
pub use intake::PROGRAM;
#[cfg(feature = "tracing")]
pub use layer::ObserverLayer;
pub use memory::{Totals, totals as memory_totals};
pub use observer::{Observer, ObserverBuilder, observer};
pub use ring::{RING_RECORDS, is_watched};
pub use server::WATCHERS_MAX;
pub use socket::default_socket;
pub use value::{TEXT_BYTES_MAX, ToNumber, ToValue, Value};
#[cfg(feature = "macros")]
pub use voidstate_embed_macros::observed;
pub use wire::{FRAME_BYTES_MAX, PROTOCOL_VERSION, SERIES_MAX, TEXTS_MAX};

/// What the macros expand to; no promise is made about it.
#[doc(hidden)]
pub mod __private {
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
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
