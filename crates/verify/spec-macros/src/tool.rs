//! `impl TypedTool for X` and `impl Tool for X`: methods are operations, what is said through the context are outputs.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{Error, FnArg, ImplItem, ImplItemFn, ItemImpl, Path, Result, parse_quote};
use voidstate_language::{CheckedOperation, CheckedTool, Slot, Type};

use crate::arguments::Arguments;
use crate::derive::plain;
use crate::methods::refuse_generics;
use crate::places::Conditions;
use crate::shape::shape;
use crate::signature::Errors;
use crate::source::Source;
use crate::state::State;

const OPERATIONS: [&str; 3] = ["observe", "tick", "finish"];
/// Inputs of `observe` and their types.
const INPUTS: [&str; 4] = ["signal", "hook", "time", "sequence"];

/// Which trait makes a tool of the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `Tool`: its effects are known when it runs.
    Plain,
    /// `TypedTool`: its effects are a type.
    Typed,
}

impl Kind {
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let last = path.segments.last()?;
        if last.ident == "Tool" {
            Some(Self::Plain)
        } else if last.ident == "TypedTool" {
            Some(Self::Typed)
        } else {
            None
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "Tool",
            Self::Typed => "TypedTool",
        }
    }

    /// Where the function stands that runs a contract around `operation`.
    fn runner(self, operation: &syn::Ident) -> TokenStream {
        match self {
            Self::Plain => quote!(::voidstate_spec::tool::#operation),
            Self::Typed => quote!(::voidstate_spec::tool::typed::#operation),
        }
    }
}

pub(crate) fn tool(
    arguments: &Arguments,
    source: &Source,
    item: &ItemImpl,
    kind: Kind,
) -> Result<TokenStream> {
    let tool = source.tool()?;
    if let Some(name) = &arguments.operation {
        let text = format!(
            "an `impl {}` implements every operation: `operation` goes with a function",
            kind.name()
        );
        return Err(Error::new(name.span(), text));
    }
    refuse_generics(item)?;
    let own = &*item.self_ty;
    let state = State::find(arguments, source, &tool.state, &[], own)?;
    let mut errors = Errors::default();
    let mut written = item.clone();
    let mut bodies = TokenStream::new();
    let mut checks = state.checks(&tool.state, own, source);
    if kind == Kind::Typed {
        checks.extend(row(tool, item, source));
    }
    for (number, operation) in tool.operations.iter().enumerate() {
        let found = written.items.iter_mut().find_map(|item| match item {
            ImplItem::Fn(function) if plain(&function.sig.ident) == operation.name => {
                Some(function)
            }
            _ => None,
        });
        match found {
            Some(function) if OPERATIONS.contains(&operation.name.as_str()) => {
                match types(operation, source) {
                    Ok(more) => checks.extend(more),
                    Err(error) => errors.push(error),
                }
                bodies.extend(wrap(function, number, &state, kind)?);
            }
            _ => {
                let known = OPERATIONS.contains(&operation.name.as_str());
                let what = if known {
                    format!(
                        "no method `{}` in this `impl {}`: write it, its default does nothing",
                        operation.name,
                        kind.name()
                    )
                } else {
                    format!(
                        "a spec of a tool has the operations {}, not `{}`",
                        OPERATIONS.join(", "),
                        operation.name
                    )
                };
                errors.push(Error::new(
                    own.span(),
                    format!("{what}\n{}", source.line(operation.span)),
                ));
            }
        }
    }
    errors.finish()?;
    let Conditions { on, off } = Conditions::of(arguments);
    let original = off.map(|off| quote!(#off #item));
    let (constant, dependency) = (source.constant()?, source.dependency()?);
    Ok(quote! {
        #dependency
        #checks
        #original
        #on
        #written
        #on
        impl #own {
            #bodies

            #[doc(hidden)]
            fn __voidstate_contract() -> &'static ::voidstate_spec::tool::Contract {
                static CONTRACT: ::voidstate_spec::tool::Contract = ::voidstate_spec::tool::Contract::new(#constant);
                &CONTRACT
            }
        }
    })
}

/// Puts the call of the contract into the method; its body becomes a method of the type.
fn wrap(
    function: &mut ImplItemFn,
    number: usize,
    state: &State,
    kind: Kind,
) -> Result<TokenStream> {
    let mut inner = function.clone();
    if kind == Kind::Typed {
        OutOfTheTrait.visit_impl_item_fn_mut(&mut inner);
    }
    inner.sig.ident = format_ident!("__voidstate_{}", plain(&function.sig.ident));
    inner.vis = parse_quote!();
    inner.attrs.push(parse_quote!(#[inline]));
    let mut names = Vec::new();
    for (argument, name) in function
        .sig
        .inputs
        .iter_mut()
        .filter_map(|argument| match argument {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
        .zip(["__first", "__second"])
    {
        let name = format_ident!("{name}");
        *argument.pat = syn::Pat::Verbatim(quote!(#name));
        names.push(name);
    }
    let (runner, body) = (kind.runner(&function.sig.ident), &inner.sig.ident);
    let read = state.closure(&quote!(__it));
    function.block = parse_quote!({
        #runner(
            Self::__voidstate_contract(),
            #number,
            self,
            #(#names,)*
            |__it: &Self, __slots: &[::voidstate_spec::language::Slot]| (#read)(__slots),
            |__it: &mut Self, #(#names),*| __it.#body(#(#names),*),
        )
    });
    function.attrs.retain(|a| {
        !["allow", "expect"]
            .iter()
            .any(|lint| a.path().is_ident(lint))
    });
    Ok(quote!(#[doc(hidden)] #inner))
}

/// `Self::Effects` in full: what was a method of the trait becomes one of the type, which has no such name.
struct OutOfTheTrait;

impl VisitMut for OutOfTheTrait {
    fn visit_type_mut(&mut self, type_: &mut syn::Type) {
        if let syn::Type::Path(path) = type_
            && path.qself.is_none()
            && path.path.segments.len() == 2
            && path
                .path
                .segments
                .iter()
                .map(|s| &s.ident)
                .eq(["Self", "Effects"])
        {
            *type_ = parse_quote!(<Self as ::voidstate_spec::tool::types::TypedTool>::Effects);
        }
        visit_type_mut(self, type_);
    }

    // Inside of them `Self` is another.
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// A constant that fails to compile where the row of effects is not what the spec says.
fn row(tool: &CheckedTool, item: &ItemImpl, source: &Source) -> Option<TokenStream> {
    let words = tool.effects.as_ref()?;
    let written = item.items.iter().find_map(|item| match item {
        ImplItem::Type(row) if row.ident == "Effects" => Some(row.ty.span()),
        _ => None,
    });
    let at = written.unwrap_or_else(|| item.self_ty.span());
    let effects = words.iter().map(|word| format_ident!("{}", camel(word)));
    let (own, place) = (&item.self_ty, source.line(tool.span));
    Some(quote_spanned! {at=>
        const _: () = {
            const MESSAGE: ::voidstate_spec::__private::Message = ::voidstate_spec::tool::types::row_misfit(
                #place,
                &[#(::voidstate_spec::tool::types::Effect::#effects),*],
                <<#own as ::voidstate_spec::tool::types::TypedTool>::Effects
                    as ::voidstate_spec::tool::types::EffectRow>::SET,
            );
            if !MESSAGE.is_empty() {
                ::core::panic!("{}", MESSAGE.text());
            }
        };
    })
}

/// `read_state` as `ReadState`.
fn camel(word: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    word.split('_').map(capital).collect()
}

/// Names of inputs and outputs, and constants that fail to compile where a type is not the vocabulary's.
fn types(operation: &CheckedOperation, source: &Source) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let mut checks = TokenStream::new();
    let at = source.at();
    for slot in &operation.inputs {
        let rust = match slot.name.as_str() {
            _ if operation.name != "observe" => None,
            "signal" => Some(quote!(::voidstate_spec::tool::types::Signal<'static>)),
            "hook" => Some(quote!(::core::primitive::str)),
            "time" => Some(quote!(::voidstate_spec::tool::types::Timestamp)),
            "sequence" => Some(quote!(::core::primitive::u64)),
            _ => None,
        };
        match rust {
            Some(rust) => checks.extend(check(slot, &rust, at, source)),
            None if operation.name == "observe" => errors.push(unknown(slot, &INPUTS, at, source)),
            None => errors.push(unknown(slot, &[], at, source)),
        }
    }
    for slot in &operation.outputs {
        let rust = match slot.name.as_str() {
            "findings" => quote!([::voidstate_spec::tool::types::Finding]),
            "metrics" => quote!([::voidstate_spec::tool::types::Named]),
            "given" => quote!([::voidstate_spec::tool::types::Given]),
            "logs" => quote!(::core::primitive::usize),
            "used" => quote!([&'static ::core::primitive::str]),
            _ if is_scalar_option(&slot.type_) => continue,
            _ => {
                let text = format!(
                    "`{}` is none of findings, metrics, given, logs and used; a value that the tool gives under that \
                     name is an option of real, int, text or bool\n{}",
                    slot.name,
                    source.line(slot.span)
                );
                errors.push(Error::new(at, text));
                continue;
            }
        };
        checks.extend(check(slot, &rust, at, source));
    }
    errors.finish()?;
    Ok(checks)
}

fn unknown(slot: &Slot, known: &[&str], at: Span, source: &Source) -> Error {
    let what = if known.is_empty() {
        "this operation of a tool has no inputs".to_owned()
    } else {
        format!("`observe` has the inputs {}", known.join(", "))
    };
    Error::new(
        at,
        format!("{what}, not `{}`\n{}", slot.name, source.line(slot.span)),
    )
}

fn is_scalar_option(type_: &Type) -> bool {
    match type_ {
        Type::Option(of) => matches!(
            **of,
            Type::Bool | Type::Int(None) | Type::Real(None) | Type::Text
        ),
        _ => false,
    }
}

fn check(slot: &Slot, rust: &TokenStream, at: Span, source: &Source) -> TokenStream {
    let (shape, place, name) = (shape(&slot.type_), source.line(slot.span), &slot.name);
    quote_spanned! {at=>
        const _: () = {
            const MESSAGE: ::voidstate_spec::__private::Message = ::voidstate_spec::__private::slot_misfit(
                #place,
                &#shape,
                &<#rust as ::voidstate_spec::SpecValue>::SHAPE,
                #name,
                ::voidstate_spec::__private::Way::Out,
            );
            if !MESSAGE.is_empty() {
                ::core::panic!("{}", MESSAGE.text());
            }
        };
    }
}
