//! Where the attribute may stand.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Error, Item, Result};

use crate::arguments::Arguments;
use crate::source::Source;
use crate::tool::Kind;
use crate::{function, methods, tool};

pub(crate) fn implements(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let mut arguments: Arguments = syn::parse2(arguments)?;
    arguments.always |= cfg!(feature = "always");
    written(&arguments, item)
}

/// What is written for these arguments, whatever the features.
fn written(arguments: &Arguments, item: TokenStream) -> Result<TokenStream> {
    let item: Item = syn::parse2(item)?;
    let source = Source::load(arguments)?;
    match item {
        Item::Fn(item) => function::function(arguments, &source, &item),
        Item::Impl(item) => match &item.trait_ {
            None => methods::methods(arguments, &source, &item),
            Some((negative, path, _)) => match Kind::of(path) {
                Some(kind) if negative.is_none() => tool::tool(arguments, &source, &item, kind),
                _ => {
                    let text = "`#[implements]` goes on an inherent impl or on `impl TypedTool for …`; for another \
                                trait write a thin wrapper";
                    Err(Error::new(path.span(), text))
                }
            },
        },
        other => {
            let text = "`#[implements]` goes on a function, an `impl` or an `impl TypedTool for …`";
            Err(Error::new(other.span(), text))
        }
    }
}

/// Conditions on what stands only where contracts run, and on what stands only where they do not.
pub(crate) struct Conditions {
    pub(crate) on: TokenStream,
    /// `None`: contracts always run.
    pub(crate) off: Option<TokenStream>,
}

impl Conditions {
    pub(crate) fn of(arguments: &Arguments) -> Self {
        if arguments.always {
            return Self {
                on: TokenStream::new(),
                off: None,
            };
        }
        Self {
            on: quote!(#[cfg(any(test, debug_assertions))]),
            off: Some(quote!(#[cfg(not(any(test, debug_assertions)))])),
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::{File, parse_quote};

    use super::*;

    fn expanded(arguments: TokenStream, item: &Item) -> File {
        let arguments: Arguments = syn::parse2(arguments).unwrap();
        let written = written(&arguments, item.to_token_stream()).unwrap();
        syn::parse2(written).unwrap()
    }

    fn attributes(item: &Item) -> Vec<String> {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            other => panic!("{}", other.to_token_stream()),
        };
        attributes
            .iter()
            .map(|a| a.to_token_stream().to_string())
            .collect()
    }

    /// What is left where contracts are off, without the condition on it.
    fn released(file: File) -> Vec<Item> {
        let on = quote!(#[cfg(any(test, debug_assertions))]).to_string();
        let off = quote!(#[cfg(not(any(test, debug_assertions)))]).to_string();
        let is_kept = |item: &Item| !attributes(item).contains(&on);
        let mut kept: Vec<Item> = file.items.into_iter().filter(is_kept).collect();
        for item in &mut kept {
            let attrs = match item {
                Item::Fn(item) => &mut item.attrs,
                Item::Impl(item) => &mut item.attrs,
                _ => continue,
            };
            attrs.retain(|a| a.to_token_stream().to_string() != off);
        }
        kept
    }

    fn cases() -> Vec<(TokenStream, Item)> {
        vec![
            (
                quote!("specs/pattern_matcher.spec"),
                parse_quote! {
                    pub fn find(text: &str, pattern: &str) -> Result<Vec<usize>, String> { Err(format!("{text}{pattern}")) }
                },
            ),
            (
                quote!("crates/verify/spec/tests/specs/window.spec", fields(values: Vec<i64>, capacity: usize)),
                parse_quote! {
                    impl Window {
                        fn new(capacity: usize) -> Self { Self { values: Vec::new(), capacity } }
                        fn push(&mut self, x: i64) -> usize { self.values.push(x); 0 }
                        fn mean(&self) -> Result<f64, ()> { Err(()) }
                    }
                },
            ),
            (
                quote!("crates/verify/spec/tests/specs/teller.spec", methods(open: Vec<u64>)),
                parse_quote! {
                    impl Tool for Teller {
                        fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> { Ok(()) }
                        fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> { Ok(()) }
                    }
                },
            ),
            (
                quote!("crates/verify/spec/tests/specs/teller.spec", methods(open: Vec<u64>)),
                parse_quote! {
                    impl TypedTool for Teller {
                        type Effects = (EmitFinding, EmitMetric);
                        fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> { Ok(()) }
                        fn finish(&mut self, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> { Ok(()) }
                    }
                },
            ),
        ]
    }

    #[test]
    fn release_keeps_the_function_alone() {
        for (arguments, item) in cases() {
            let mut original = 0;
            for kept in released(expanded(arguments, &item)) {
                match &kept {
                    // Evaluated while compiling; leaves nothing.
                    Item::Const(check) => assert_eq!(check.ident, "_"),
                    other => {
                        assert_eq!(
                            other.to_token_stream().to_string(),
                            item.to_token_stream().to_string()
                        );
                        original += 1;
                    }
                }
            }
            assert_eq!(original, 1);
        }
    }

    #[test]
    fn always_has_no_condition() {
        for (mut arguments, item) in cases() {
            arguments.extend(quote!(, always));
            let file = expanded(arguments, &item);
            assert!(
                !file
                    .to_token_stream()
                    .to_string()
                    .contains("debug_assertions")
            );
        }
    }

    #[test]
    fn what_cannot_bear_it_is_told() {
        let path = quote!("specs/pattern_matcher.spec");
        for (arguments, item, words) in [
            (
                path.clone(),
                quote!(
                    struct A;
                ),
                "goes on a function",
            ),
            (path.clone(), quote!(impl Clone for A {}), "inherent impl"),
            (
                quote!(),
                quote!(
                    fn f() {}
                ),
                "comes first",
            ),
            (
                quote!("a.spec", colour = "red"),
                quote!(
                    fn f() {}
                ),
                "unknown option",
            ),
            (
                quote!("a.spec", always, always),
                quote!(
                    fn f() {}
                ),
                "twice",
            ),
            (
                quote!("no/such.spec"),
                quote!(
                    fn f() {}
                ),
                "no file",
            ),
            (
                quote!("specs/pattern_matcher.spec", tool = "x"),
                quote!(
                    fn f() {}
                ),
                "no tool `x`; it has `pattern_matcher`",
            ),
            (
                path,
                quote!(
                    impl<T> A<T> {}
                ),
                "names one type",
            ),
        ] {
            let error = implements(arguments, item).unwrap_err().to_string();
            assert!(error.contains(words), "{words} in {error}");
        }
    }
}
