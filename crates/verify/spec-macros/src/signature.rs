//! A Rust signature against an operation of a spec.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Error, FnArg, Ident, Lifetime, Pat, Result, ReturnType, Signature, Type};
use voidstate_language::{CheckedOperation, Slot};

use crate::derive::plain;
use crate::shape::{shape, stands_for};
use crate::source::Source;

/// How a method takes its instance.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    None,
    Shared,
    Mutable,
}

/// A parameter bound to an input.
pub(crate) struct Parameter {
    pub(crate) ident: Ident,
    pub(crate) type_: Type,
    /// The number of the input.
    pub(crate) input: usize,
}

/// A signature that says what the operation says.
pub(crate) struct Bound {
    pub(crate) receiver: Receiver,
    /// In the order of Rust.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) output: Option<Type>,
    /// Whether it may refuse.
    pub(crate) is_result: bool,
    /// Whether what it returns on success is the instance.
    pub(crate) makes_self: bool,
}

/// Notes errors, so that all are shown at once.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// Binds by names; types are compared by the constants that [`checks`] writes.
///
/// # Errors
/// Every parameter, input or kind of function that does not fit, each at its place.
pub(crate) fn bind(
    signature: &Signature,
    self_type: Option<&Type>,
    operation: &CheckedOperation,
    source: &Source,
) -> Result<Bound> {
    let mut errors = Errors::default();
    refuse_kinds(signature, &mut errors);
    let receiver = receiver(signature, &mut errors);
    let mut parameters = Vec::new();
    let mut extra = Vec::new();
    for argument in &signature.inputs {
        let FnArg::Typed(argument) = argument else {
            continue;
        };
        let Pat::Ident(name) = &*argument.pat else {
            let text = "an input has a name: bind the parts inside the function";
            errors.push(Error::new(argument.pat.span(), text));
            continue;
        };
        if let Type::Reference(reference) = &*argument.ty
            && reference.mutability.is_some()
        {
            let text = "an input of a spec is not changed: return what is new, or write a thin wrapper function";
            errors.push(Error::new(argument.ty.span(), text));
        }
        if let Type::ImplTrait(of) = &*argument.ty {
            errors.push(Error::new(
                of.span(),
                "a spec names one type: take a concrete one here",
            ));
        }
        let rust = plain(&name.ident);
        match operation
            .inputs
            .iter()
            .position(|slot| stands_for(&rust, slot))
        {
            Some(input) => parameters.push(Parameter {
                ident: name.ident.clone(),
                type_: (*argument.ty).clone(),
                input,
            }),
            None => extra.push(name.ident.clone()),
        }
    }
    let is_missing = |(at, _): &(usize, &Slot)| !parameters.iter().any(|p| p.input == *at);
    let missing: Vec<&Slot> = operation
        .inputs
        .iter()
        .enumerate()
        .filter(is_missing)
        .map(|(_, slot)| slot)
        .collect();
    for ident in &extra {
        let lines: Vec<String> = missing.iter().map(|slot| source.line(slot.span)).collect();
        let hint = if lines.is_empty() {
            source.line(operation.span)
        } else {
            format!("no parameter stands for\n{}", lines.join("\n"))
        };
        let text = format!(
            "`{}` has no input `{}`; {hint}",
            operation.name,
            plain(ident)
        );
        errors.push(Error::new(ident.span(), text));
    }
    if extra.is_empty() {
        for slot in missing {
            let text = format!(
                "no parameter for the input `{}`\n{}",
                slot.name,
                source.line(slot.span)
            );
            errors.push(Error::new(signature.ident.span(), text));
        }
    }
    let output = match &signature.output {
        ReturnType::Default => None,
        ReturnType::Type(_, type_) => Some((**type_).clone()),
    };
    let is_result = output.as_ref().is_some_and(is_result);
    if !operation.fails.is_empty() && !is_result {
        let at = output
            .as_ref()
            .map_or_else(|| signature.ident.span(), Spanned::span);
        let place = operation
            .fails
            .first()
            .map(|c| source.line(c.condition.span()));
        let text = format!(
            "the spec says when it fails: return a `Result`\n{}",
            place.unwrap_or_default()
        );
        errors.push(Error::new(at, text));
    }
    let makes_self = self_type.is_some_and(|own| {
        receiver == Receiver::None && output.as_ref().is_some_and(|output| makes(output, own))
    });
    errors.finish()?;
    Ok(Bound {
        receiver,
        parameters,
        output,
        is_result,
        makes_self,
    })
}

fn refuse_kinds(signature: &Signature, errors: &mut Errors) {
    let mut refuse = |at: Span, text: &str| errors.push(Error::new(at, text));
    if let Some(word) = &signature.asyncness {
        refuse(
            word.span(),
            "a contract surrounds one call: an `async fn` has several; bind what it awaits",
        );
    }
    if let Some(word) = &signature.constness {
        refuse(
            word.span(),
            "a contract cannot run in a `const fn`: write a thin wrapper function",
        );
    }
    if let Some(word) = &signature.unsafety {
        refuse(
            word.span(),
            "an `unsafe fn` cannot be called by tests from a spec: write a safe wrapper",
        );
    }
    if let Some(parameter) = signature.generics.type_params().next() {
        refuse(
            parameter.span(),
            "a spec names one type: write a thin wrapper function for a concrete one",
        );
    }
    if let Some(parameter) = signature.generics.const_params().next() {
        refuse(
            parameter.span(),
            "a spec names one type: write a thin wrapper function for a concrete number",
        );
    }
}

fn receiver(signature: &Signature, errors: &mut Errors) -> Receiver {
    let Some(FnArg::Receiver(own)) = signature.inputs.first() else {
        return Receiver::None;
    };
    if own.reference.is_none() {
        let text = "an operation leaves the instance behind: take `&self` or `&mut self`";
        errors.push(Error::new(own.span(), text));
    }
    let borrows = matches!(&signature.output, ReturnType::Type(_, t) if mentions_reference(t));
    if own.mutability.is_some() && borrows {
        let text = "the state is read after the call, so what `&mut self` lends cannot be returned: return an owned value";
        errors.push(Error::new(signature.output.span(), text));
    }
    if own.mutability.is_some() {
        Receiver::Mutable
    } else {
        Receiver::Shared
    }
}

fn mentions_reference(type_: &Type) -> bool {
    struct Finder(bool);
    impl<'a> syn::visit::Visit<'a> for Finder {
        fn visit_type_reference(&mut self, reference: &'a syn::TypeReference) {
            let is_static = reference
                .lifetime
                .as_ref()
                .is_some_and(|l| l.ident == "static");
            self.0 |= !is_static;
            syn::visit::visit_type_reference(self, reference);
        }
    }
    let mut finder = Finder(false);
    syn::visit::Visit::visit_type(&mut finder, type_);
    finder.0
}

fn is_result(type_: &Type) -> bool {
    match type_ {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident.to_string().ends_with("Result")),
        _ => false,
    }
}

/// Whether `type_` is `Self`, the type itself or a `Result` of it.
fn makes(type_: &Type, own: &Type) -> bool {
    let is_own = |t: &Type| {
        let text = t.to_token_stream().to_string();
        text == "Self" || text == own.to_token_stream().to_string()
    };
    if is_own(type_) {
        return true;
    }
    let Type::Path(path) = type_ else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return false;
    };
    is_result(type_)
        && matches!(arguments.args.first(), Some(syn::GenericArgument::Type(first)) if is_own(first))
}

/// Constants that fail to compile, at the type, when it is not the spec's.
pub(crate) fn checks(
    bound: &Bound,
    ident: &Ident,
    self_type: Option<&Type>,
    operation: &CheckedOperation,
    source: &Source,
) -> TokenStream {
    let mut all = TokenStream::new();
    for parameter in &bound.parameters {
        if let Some(slot) = operation.inputs.get(parameter.input) {
            let way = quote!(In);
            all.extend(slot_check(
                slot,
                &parameter.type_,
                self_type,
                &plain(&parameter.ident),
                &way,
                source,
            ));
        }
    }
    all.extend(output_check(bound, ident, self_type, operation, source));
    all
}

/// One constant for one slot.
pub(crate) fn slot_check(
    slot: &Slot,
    type_: &Type,
    self_type: Option<&Type>,
    rust_name: &str,
    way: &TokenStream,
    source: &Source,
) -> TokenStream {
    let (shape, place, at) = (shape(&slot.type_), source.line(slot.span), type_.span());
    let type_ = erased(type_, self_type);
    let message = quote_spanned! {at=>
        ::voidstate_spec::__private::slot_misfit(
            #place,
            &#shape,
            &<#type_ as ::voidstate_spec::SpecValue>::SHAPE,
            #rust_name,
            ::voidstate_spec::__private::Way::#way,
        )
    };
    constant(at, &message)
}

fn output_check(
    bound: &Bound,
    ident: &Ident,
    self_type: Option<&Type>,
    operation: &CheckedOperation,
    source: &Source,
) -> TokenStream {
    let unit: Type = syn::parse_quote!(());
    let written = bound.output.as_ref().unwrap_or(&unit);
    let at = bound
        .output
        .as_ref()
        .map_or_else(|| ident.span(), Spanned::span);
    if bound.makes_self {
        return TokenStream::new();
    }
    let type_ = erased(written, self_type);
    let type_ = if bound.is_result {
        quote_spanned!(at=> <#type_ as ::voidstate_spec::__private::Fallible>::Success)
    } else {
        type_
    };
    let rust = quote_spanned!(at=> &<#type_ as ::voidstate_spec::SpecValue>::SHAPE);
    let name = plain(ident);
    let message = match &*operation.outputs {
        [slot] => {
            let (shape, place) = (shape(&slot.type_), source.line(slot.span));
            quote_spanned! {at=>
                ::voidstate_spec::__private::slot_misfit(#place, &#shape, #rust, #name, ::voidstate_spec::__private::Way::Out)
            }
        }
        outputs => {
            let place = source.line(outputs.first().map_or(operation.span, |slot| slot.span));
            let names = outputs.iter().map(|slot| &slot.name);
            let shapes = outputs.iter().map(|slot| shape(&slot.type_));
            quote_spanned! {at=>
                ::voidstate_spec::__private::outputs_misfit(#place, &[#((#names, #shapes)),*], #rust)
            }
        }
    };
    constant(at, &message)
}

fn constant(at: Span, message: &TokenStream) -> TokenStream {
    quote_spanned! {at=>
        const _: () = {
            const MESSAGE: ::voidstate_spec::__private::Message = #message;
            if !MESSAGE.is_empty() {
                ::core::panic!("{}", MESSAGE.text());
            }
        };
    }
}

/// The type without names that only its signature knows.
pub(crate) fn erased(type_: &Type, self_type: Option<&Type>) -> TokenStream {
    struct Eraser<'a>(Option<&'a Type>);
    impl VisitMut for Eraser<'_> {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            lifetime.ident = Ident::new("_", lifetime.ident.span());
        }
        fn visit_type_mut(&mut self, type_: &mut Type) {
            let is_self = matches!(&*type_, Type::Path(path) if path.path.is_ident("Self"));
            match self.0 {
                Some(own) if is_self => *type_ = own.clone(),
                _ => visit_mut::visit_type_mut(self, type_),
            }
        }
    }
    let mut type_ = type_.clone();
    Eraser(self_type).visit_type_mut(&mut type_);
    type_.to_token_stream()
}
