//! The attribute `#[implements]` and the derive `SpecValue` of `voidstate-spec`.
//!
//! It is *not* useful alone: the code that it writes calls `voidstate-spec`, which exports both. Depend on that crate.
//!
//! # Items
//! [`macro@implements`] on functions, inherent impls, `impl TypedTool for X` and `impl Tool for X`; [`macro@SpecValue`] on structs and enums.
//!
//! # Invariants
//! - Nothing but compile-time checks is left where contracts are off: `release_keeps_the_function_alone`.
//! - Names, types and missing members are refused where they stand: `refusals_are_at_the_parameter` in `voidstate-spec`.
//!
//! # Cost
//! The spec is read, parsed and checked once per attribute while compiling.
//!
//! # Features
//! `always`: contracts are written without a condition, for release builds that ask for them.

#![forbid(unsafe_code)]

mod arguments;
mod derive;
mod function;
mod methods;
mod places;
mod shape;
mod signature;
mod source;
mod state;
mod tool;

use proc_macro::TokenStream;

/// Binds a function, an inherent impl, an `impl TypedTool for X` or an `impl Tool for X` to a spec.
///
/// `#[implements("specs/x.spec")]` takes the file's only tool; `tool = "name"` names one of several; `operation = "name"`
/// binds a function to one operation; `fields(name: Type)` reads state variables from fields, `methods(name: Type)` by
/// methods `fn name(&self) -> Type` that stand in another block; `always` keeps the contracts in release builds.
///
/// Of a `TypedTool` the row of effects must be the `effects` of the spec, if it says them, while compiling.
///
/// The file is looked for from the manifest's directory upwards, then from the source file's.
#[proc_macro_attribute]
pub fn implements(arguments: TokenStream, item: TokenStream) -> TokenStream {
    places::implements(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Conversion of a struct or an enum to and from the records and enums of specs.
///
/// Fields are matched by name, alternatives by their name in snake case; `#[spec(rename = "…")]` says another,
/// `#[spec(skip)]` leaves a field out (made by `Default`). `#[spec(unit = "ns")]` on a struct with one unnamed field makes
/// it that number in that unit. `#[spec(read_only)]` on the type leaves out the way from a value to the type.
#[proc_macro_derive(SpecValue, attributes(spec))]
pub fn spec_value(item: TokenStream) -> TokenStream {
    derive::spec_value(item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
