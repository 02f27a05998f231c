//! An inherent impl that implements a tool with state, or several operations without.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Error, ImplItem, ImplItemFn, ItemImpl, Result, Type};
use voidstate_language::{CheckedClause, CheckedOperation, node::PlaceKind};

use crate::arguments::Arguments;
use crate::derive::plain;
use crate::function::{Parts, arguments_from_values, call};
use crate::places::Conditions;
use crate::signature::{Bound, Errors, Receiver, bind, checks};
use crate::source::Source;
use crate::state::State;

/// An operation and the method that implements it.
struct Method<'a> {
    number: usize,
    item: &'a ImplItemFn,
    bound: Bound,
}

pub(crate) fn methods(
    arguments: &Arguments,
    source: &Source,
    item: &ItemImpl,
) -> Result<TokenStream> {
    let tool = source.tool()?;
    if let Some(name) = &arguments.operation {
        let text = "an `impl` implements every operation: `operation` goes with a function";
        return Err(Error::new(name.span(), text));
    }
    refuse_generics(item)?;
    let own = &*item.self_ty;
    let functions: Vec<&ImplItemFn> = item
        .items
        .iter()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function),
            _ => None,
        })
        .collect();
    let state = State::find(arguments, source, &tool.state, &functions, own)?;
    let methods = find(source, &tool.operations, &functions, own, &state)?;

    let mut written = item.clone();
    written.items = Vec::new();
    let mut fresh = Vec::new();
    let mut all_checks = state.checks(&tool.state, own, source);
    for item in &item.items {
        let found = methods
            .iter()
            .find(|m| matches!(item, ImplItem::Fn(f) if std::ptr::eq(f, m.item)));
        match found {
            None => written.items.push(item.clone()),
            Some(method) => {
                fresh.push(rewrite(method, own, &state));
                if let Some(operation) = tool.operations.get(method.number) {
                    all_checks.extend(checks(
                        &method.bound,
                        &method.item.sig.ident,
                        Some(own),
                        operation,
                        source,
                    ));
                }
            }
        }
    }
    written
        .items
        .push(ImplItem::Verbatim(fresh.into_iter().collect()));

    let Conditions { on, off } = Conditions::of(arguments);
    let original = off.map(|off| quote!(#off #item));
    let (constant, dependency) = (source.constant()?, source.dependency()?);
    let subject = subject(&methods, own, &state);
    Ok(quote! {
        #dependency
        #all_checks
        #original
        #on
        #written
        #on
        #[automatically_derived]
        impl ::voidstate_spec::Implements for #own {
            fn spec() -> &'static ::voidstate_spec::Spec {
                static SPEC: ::voidstate_spec::Spec = ::voidstate_spec::Spec::new(#constant);
                &SPEC
            }

            #subject
        }
    })
}

pub(crate) fn refuse_generics(item: &ItemImpl) -> Result<()> {
    match item.generics.params.first() {
        None => Ok(()),
        Some(parameter) => {
            let text = "a spec names one type: put the attribute on the impl of a concrete type, or on a thin wrapper";
            Err(Error::new(parameter.span(), text))
        }
    }
}

/// A method for every operation, bound to it.
fn find<'a>(
    source: &Source,
    operations: &[CheckedOperation],
    functions: &[&'a ImplItemFn],
    own: &Type,
    state: &State,
) -> Result<Vec<Method<'a>>> {
    let mut errors = Errors::default();
    let mut methods = Vec::new();
    for (number, operation) in operations.iter().enumerate() {
        let named = functions
            .iter()
            .find(|f| plain(&f.sig.ident) == operation.name);
        let Some(item) = named else {
            let text = format!(
                "no method for the operation `{}`\n{}",
                operation.name,
                source.line(operation.span)
            );
            errors.push(Error::new(own.span(), text));
            continue;
        };
        let bound = bind(&item.sig, Some(own), operation, source).and_then(|bound| {
            fits_state(&bound, item, operation, source, state)?;
            Ok(bound)
        });
        match bound {
            Ok(bound) => methods.push(Method {
                number,
                item,
                bound,
            }),
            Err(error) => errors.push(error),
        }
    }
    errors.finish()?;
    Ok(methods)
}

fn fits_state(
    bound: &Bound,
    item: &ImplItemFn,
    operation: &CheckedOperation,
    source: &Source,
    state: &State,
) -> Result<()> {
    let name = &item.sig.ident;
    if !state.is_empty() && bound.receiver == Receiver::None && !bound.makes_self {
        let text =
            "an operation of a tool with state takes `&self` or `&mut self`, or returns `Self`";
        return Err(Error::new(name.span(), text));
    }
    if !bound.makes_self {
        return Ok(());
    }
    if let Some(slot) = operation.outputs.first() {
        let text = format!(
            "what makes an instance has no output\n{}",
            source.line(slot.span)
        );
        return Err(Error::new(name.span(), text));
    }
    let before = operation.requires.iter().chain(&operation.fails);
    let reads =
        |clause: &CheckedClause, kind| clause.condition.free_slots().iter().any(|p| p.kind == kind);
    let early = |clause: &&CheckedClause| reads(clause, PlaceKind::State);
    let old = |clause: &&CheckedClause| reads(clause, PlaceKind::OldState);
    if let Some(clause) = before
        .clone()
        .find(early)
        .or_else(|| operation.ensures.iter().find(old))
    {
        let place = source.line(clause.condition.span());
        let text = format!("there is no state before an instance is made\n{place}");
        return Err(Error::new(name.span(), text));
    }
    Ok(())
}

fn rewrite(method: &Method<'_>, own: &Type, state: &State) -> TokenStream {
    let item = method.item;
    let name = format_ident!("__voidstate_{}", plain(&item.sig.ident));
    let parts = Parts {
        attrs: &item.attrs,
        vis: &item.vis,
        sig: &item.sig,
        block: &item.block,
    };
    let mut written = parts.write(&method.bound, method.number, &quote!(#own), &name);
    written.wrapper.call = call(&quote!(Self::#name), &item.sig);
    let read = |instance: &TokenStream| state.closure(instance);
    let wrapper = written.wrapper.finish(&method.bound, Some(&read));
    let inner = written.inner;
    quote! {
        #wrapper
        #[doc(hidden)]
        #inner
    }
}

fn subject(methods: &[Method<'_>], own: &Type, state: &State) -> TokenStream {
    let arms = methods.iter().map(|method| {
        let number = method.number;
        let ident = &method.item.sig.ident;
        let (statements, arguments) = arguments_from_values(&method.bound, Some(own));
        let how = if method.bound.is_result { quote!(ended) } else { quote!(returned) };
        let spec = quote!(<#own as ::voidstate_spec::Implements>::spec());
        let run = match (method.bound.makes_self, method.bound.receiver) {
            (true, _) if method.bound.is_result => quote! {
                ::voidstate_spec::__private::attempt(|| #own::#ident(#(#arguments),*), |__made| {
                    let __result = __made.map(|__made| *__instance = ::core::option::Option::Some(__made));
                    ::voidstate_spec::__private::ended(#spec, #number, &__result)
                })
            },
            (true, _) => quote! {
                ::voidstate_spec::__private::attempt(|| #own::#ident(#(#arguments),*), |__made| {
                    *__instance = ::core::option::Option::Some(__made);
                    ::voidstate_spec::__private::returned(#spec, #number, &())
                })
            },
            (false, Receiver::None) => quote! {
                ::voidstate_spec::__private::attempt(|| #own::#ident(#(#arguments),*), |__result| {
                    ::voidstate_spec::__private::#how(#spec, #number, &__result)
                })
            },
            (false, _) => quote! {
                let ::core::option::Option::Some(__it) = __instance.as_mut() else {
                    return ::core::result::Result::Ok(::voidstate_spec::Called::NoInstance);
                };
                ::voidstate_spec::__private::attempt(|| __it.#ident(#(#arguments),*), |__result| {
                    ::voidstate_spec::__private::#how(#spec, #number, &__result)
                })
            },
        };
        quote!(#number => { #statements #run })
    });
    let has_constructor = methods.iter().any(|m| m.bound.makes_self);
    let start = if has_constructor
        || state.is_empty() && !methods.iter().any(|m| m.bound.receiver != Receiver::None)
    {
        quote!(|| ::core::option::Option::None)
    } else {
        quote!(|| ::core::option::Option::Some(<#own as ::core::default::Default>::default()))
    };
    let read = state.closure(&quote!(__it));
    let has_state = !state.is_empty();
    quote! {
        fn subject() -> ::std::boxed::Box<dyn ::voidstate_spec::Subject> {
            ::std::boxed::Box::new(::voidstate_spec::__private::Instance::<#own, _, _>::new(
                <Self as ::voidstate_spec::Implements>::spec(),
                #start,
                |
                    __operation: ::core::primitive::usize,
                    __instance: &mut ::core::option::Option<#own>,
                    __inputs: &[::voidstate_spec::language::Value],
                | {
                    match __operation {
                        #(#arms)*
                        _ => ::core::result::Result::Ok(::voidstate_spec::Called::NoInstance),
                    }
                },
                |__it: &#own, __slots: &[::voidstate_spec::language::Slot]| (#read)(__slots),
                #has_state,
            ))
        }
    }
}
