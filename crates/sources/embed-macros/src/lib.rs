//! The attribute `#[observed]` of `voidstate-embed`.
//!
//! It is *not* useful alone: the code that it writes calls `voidstate-embed`, which exports the attribute. Depend on
//! that crate with its feature `macros` (on by default).
//!
//! # Items
//! [`macro@observed`] on functions and methods, sync and async.
//!
//! # Invariants
//! - Anything that is not a function with a body is refused with a sentence that says what to do: `refusals_are_clear`
//!   in `voidstate-embed`.
//! - The function keeps its signature, and `?`, early returns, generics, `impl Trait`, borrows and recursion work as
//!   before: `observed_keeps_meaning` in `voidstate-embed`.
//!
//! # Cost
//! One parse and one token stream per function while compiling.

#![forbid(unsafe_code)]

mod expand;
mod options;

use proc_macro::TokenStream;

/// Makes every call of a function a span, and counts its calls, errors and latency.
///
/// `#[observed]` names the span by the function's path; `#[observed(name = "checkout")]` names it otherwise;
/// `#[observed(err)]` also keeps the text of an error (`Display`). A function whose return type is spelled `…Result`
/// has the status ok or error; with `err` any name of a result type will do. A panic is an error. An `async fn` is a span
/// from its first poll until it is done; dropped before that, it is marked `cancelled`.
///
/// While nobody watches, a call costs one relaxed load.
#[proc_macro_attribute]
pub fn observed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::observed(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
