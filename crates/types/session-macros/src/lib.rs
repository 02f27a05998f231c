//! Procedural macros of `voidstate-session`, which re-exports them; do not depend on this crate.

#![forbid(unsafe_code)]

mod endpoint;
mod message;
mod names;
mod source;
mod types;
mod write;

use proc_macro2::TokenStream;

use crate::source::Source;

/// One module per protocol, with one typed endpoint per role. Documented where it is re-exported.
#[proc_macro]
pub fn protocol(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(Source::read(input.into())).into()
}

/// The same for a file. Documented where it is re-exported.
#[proc_macro]
pub fn protocol_file(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(Source::open(input.into())).into()
}

fn expand(source: syn::Result<Source>) -> TokenStream {
    source
        .and_then(|source| write::modules(&source))
        .unwrap_or_else(syn::Error::into_compile_error)
}
