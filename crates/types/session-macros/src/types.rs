//! What messages carry, as types of Rust.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;
use voidstate_protocol::Payload;

use crate::names;
use crate::source::Source;

/// The type, as seen from two modules below the call of the macro.
pub(crate) fn of(payload: &Payload, source: &Source) -> syn::Result<TokenStream> {
    match payload {
        Payload::Type(text) => {
            let parsed: syn::Result<syn::Type> = syn::parse_str(text);
            match parsed.and_then(|_| Ok(text.parse::<TokenStream>()?)) {
                Ok(tokens) => Ok(placed(tokens, source)),
                Err(why) => {
                    let first = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                    let word = first.clone().find(|w| !w.is_empty()).unwrap_or(text);
                    let message = format!("`{text}` is no type of Rust: {why}");
                    Err(syn::Error::new(source.place_of(word), message))
                }
            }
        }
        Payload::Session { protocol, role } => {
            let at = source.place_of(protocol);
            let module = names::ident(&names::snake(protocol), at);
            let role = names::ident(&names::role(role), at);
            Ok(quote!(
                super::super::#module::#role::Initial<
                    ::voidstate_session::memory::Memory<super::super::#module::Message>
                >
            ))
        }
    }
}

/// The same tokens, where they stand in the program.
fn placed(tokens: TokenStream, source: &Source) -> TokenStream {
    let place = |token: TokenTree| match token {
        TokenTree::Ident(word) => {
            let at = source.place_of(&word.to_string());
            let mut word: Ident = word;
            word.set_span(at);
            TokenTree::Ident(word)
        }
        TokenTree::Group(group) => {
            let inner = placed(group.stream(), source);
            let mut outer = Group::new(group.delimiter(), inner);
            outer.set_span(group.span());
            TokenTree::Group(outer)
        }
        other => other,
    };
    tokens.into_iter().map(place).collect()
}
