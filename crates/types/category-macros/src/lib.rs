//! Procedural macros of `voidstate-category`, which re-exports them; do not depend on this crate.

#![forbid(unsafe_code)]

mod attribute;
mod lenses;
mod names;
mod prisms;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// A lens to each field, as a constant named as the field in capitals.
#[proc_macro_derive(Lenses, attributes(lens))]
pub fn derive_lenses(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    lenses::derive(&input)
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}

/// A prism to each variant, as a constant named as the variant in capitals.
#[proc_macro_derive(Prisms, attributes(prism))]
pub fn derive_prisms(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    prisms::derive(&input)
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}
