//! A function that implements an operation.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, Block, Error, FnArg, Ident, ItemFn, Pat, Result, Signature, Type, Visibility,
};

use crate::arguments::Arguments;
use crate::places::Conditions;
use crate::signature::{Bound, Receiver, bind, checks};
use crate::source::Source;

pub(crate) fn function(
    arguments: &Arguments,
    source: &Source,
    item: &ItemFn,
) -> Result<TokenStream> {
    let tool = source.tool()?;
    let (number, operation) = match (&arguments.operation, &*tool.operations) {
        (Some(name), _) => source.operation(name)?,
        (None, [only]) => (0, only),
        (None, _) => {
            let text = "this tool has several operations: say `operation = \"…\"`, or put the attribute on an `impl`";
            return Err(Error::new(source.at(), text));
        }
    };
    if let Some(slot) = tool.state.first() {
        let text = format!(
            "this tool has state: put the attribute on an `impl`\n{}",
            source.line(slot.span)
        );
        return Err(Error::new(source.at(), text));
    }
    if let Some(read) = arguments.fields.iter().chain(&arguments.methods).next() {
        return Err(Error::new(
            read.ident.span(),
            "a function has no state to read",
        ));
    }
    let ident = &item.sig.ident;
    let bound = bind(&item.sig, None, operation, source)?;
    let checks = checks(&bound, ident, None, operation, source);
    let Conditions { on, off } = Conditions::of(arguments);
    let body = format_ident!("__voidstate_body");
    let Written { mut wrapper, inner } = Parts {
        attrs: &item.attrs,
        vis: &item.vis,
        sig: &item.sig,
        block: &item.block,
    }
    .write(&bound, number, &quote!(#ident), &body);
    wrapper.prelude = inner;
    wrapper.call = call(&quote!(#body), &item.sig);
    let wrapper = wrapper.finish(&bound, None);
    let subject = subject(&bound, ident, number);
    let (vis, constant, dependency) = (&item.vis, source.constant()?, source.dependency()?);
    let original = off.map(|off| quote!(#off #item));
    let doc = format!("The spec of [`{ident}()`] and a way to call it with values.");
    Ok(quote! {
        #dependency
        #checks
        #original
        #on
        #wrapper
        #on
        #[doc = #doc]
        #[doc(hidden)]
        #[allow(non_camel_case_types, reason = "bears the function's name, so that importing one imports both")]
        #[derive(Debug)]
        #vis enum #ident {}
        #on
        #[automatically_derived]
        impl ::voidstate_spec::Implements for #ident {
            fn spec() -> &'static ::voidstate_spec::Spec {
                static SPEC: ::voidstate_spec::Spec = ::voidstate_spec::Spec::new(#constant);
                &SPEC
            }

            #subject
        }
    })
}

/// A function as written.
pub(crate) struct Parts<'a> {
    pub(crate) attrs: &'a [Attribute],
    pub(crate) vis: &'a Visibility,
    pub(crate) sig: &'a Signature,
    pub(crate) block: &'a Block,
}

/// What becomes of it where contracts run.
pub(crate) struct Written {
    pub(crate) wrapper: Wrapper,
    /// The function itself under another name.
    pub(crate) inner: TokenStream,
}

/// The function under its own name.
pub(crate) struct Wrapper {
    head: TokenStream,
    before: TokenStream,
    /// What stands first in it.
    pub(crate) prelude: TokenStream,
    /// The call of the function itself.
    pub(crate) call: TokenStream,
}

impl Parts<'_> {
    /// `owner`: the type that implements `Implements`; `name`: what the function itself is called.
    pub(crate) fn write(
        &self,
        bound: &Bound,
        number: usize,
        owner: &TokenStream,
        name: &Ident,
    ) -> Written {
        let is_lint = |a: &&Attribute| {
            ["allow", "expect", "warn", "deny", "forbid"]
                .iter()
                .any(|l| a.path().is_ident(l))
        };
        let (lints, outer): (Vec<&Attribute>, Vec<&Attribute>) =
            self.attrs.iter().partition(is_lint);
        let mut sig = self.sig.clone();
        for argument in &mut sig.inputs {
            if let FnArg::Typed(argument) = argument
                && let Pat::Ident(pattern) = &mut *argument.pat
            {
                pattern.mutability = None;
            }
        }
        let mut inner = self.sig.clone();
        inner.ident = name.clone();
        let block = self.block;
        let inputs = bound.parameters.iter().map(|parameter| {
            let (ident, input) = (&parameter.ident, parameter.input);
            quote_spanned!(parameter.type_.span()=> __voidstate_call.input(#input, &#ident);)
        });
        let address = if bound.receiver == Receiver::None {
            quote!(::core::option::Option::None)
        } else {
            quote!(::core::option::Option::Some(
                ::core::ptr::from_ref(&*self).addr()
            ))
        };
        let vis = self.vis;
        Written {
            wrapper: Wrapper {
                head: quote!(#(#outer)* #[track_caller] #vis #sig),
                before: quote! {
                    let mut __voidstate_call = ::voidstate_spec::__private::Call::begin(
                        <#owner as ::voidstate_spec::Implements>::spec(),
                        #number,
                        ::core::panic::Location::caller(),
                        #address,
                    );
                    if let ::core::option::Option::Some(__voidstate_call) = &mut __voidstate_call {
                        #(#inputs)*
                    }
                },
                prelude: TokenStream::new(),
                call: TokenStream::new(),
            },
            inner: quote!(#(#lints)* #[inline(always)] #[allow(clippy::inline_always, reason = "it stands in for the function")] #inner #block),
        }
    }
}

impl Wrapper {
    /// The whole function. `state` makes a closure that reads the state from an instance.
    pub(crate) fn finish(
        self,
        bound: &Bound,
        state: Option<&dyn Fn(&TokenStream) -> TokenStream>,
    ) -> TokenStream {
        let Self {
            head,
            before,
            prelude,
            call,
        } = self;
        let is_method = bound.receiver != Receiver::None;
        let own = state
            .filter(|_| is_method)
            .map(|state| state(&quote!(self)));
        let state_before = own
            .as_ref()
            .map(|state| quote!(__voidstate_call.state_before(#state);));
        let state_after = own
            .as_ref()
            .map(|state| quote!(__voidstate_call.state_after(#state);));
        let made = state
            .filter(|_| bound.makes_self)
            .map(|state| state(&quote!(__voidstate_made)))
            .map(|state| quote!(__voidstate_call.state_after(#state);));
        let after = match (bound.makes_self, bound.is_result) {
            (false, false) => quote!(__voidstate_call.returned(&__voidstate_result);),
            (false, true) => quote!(__voidstate_call.ended(&__voidstate_result);),
            (true, false) => quote! {
                let __voidstate_made = &__voidstate_result;
                #made
                __voidstate_call.returned(&());
            },
            (true, true) => quote! {
                if let ::core::result::Result::Ok(__voidstate_made) = &__voidstate_result {
                    #made
                }
                __voidstate_call.ended(&__voidstate_result.as_ref().map(|_| ()));
            },
        };
        quote! {
            #head {
                #prelude
                #before
                if let ::core::option::Option::Some(__voidstate_call) = &mut __voidstate_call {
                    #state_before
                    __voidstate_call.before();
                }
                let __voidstate_result = #call;
                if let ::core::option::Option::Some(mut __voidstate_call) = __voidstate_call {
                    #state_after
                    #after
                }
                __voidstate_result
            }
        }
    }
}

/// `path(a, b)` with the parameters as they are.
pub(crate) fn call(path: &TokenStream, sig: &Signature) -> TokenStream {
    let names = sig.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(own) => own.self_token.to_token_stream(),
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pattern) => pattern.ident.to_token_stream(),
            other => other.to_token_stream(),
        },
    });
    quote!(#path(#(#names),*))
}

/// Statements that make the arguments from values, and the arguments.
pub(crate) fn arguments_from_values(
    bound: &Bound,
    self_type: Option<&Type>,
) -> (TokenStream, Vec<TokenStream>) {
    let mut statements = TokenStream::new();
    let mut arguments = Vec::new();
    for parameter in &bound.parameters {
        let (ident, input, at) = (&parameter.ident, parameter.input, parameter.type_.span());
        if let Type::Reference(reference) = &parameter.type_ {
            let of = crate::signature::erased(&reference.elem, self_type);
            statements.extend(quote_spanned! {at=>
                let #ident: <#of as ::std::borrow::ToOwned>::Owned = ::voidstate_spec::__private::input(__inputs, #input)?;
            });
            arguments.push(quote_spanned!(at=> ::core::borrow::Borrow::<#of>::borrow(&#ident)));
        } else {
            let of = crate::signature::erased(&parameter.type_, self_type);
            statements.extend(quote_spanned! {at=>
                let #ident: #of = ::voidstate_spec::__private::input(__inputs, #input)?;
            });
            arguments.push(quote!(#ident));
        }
    }
    (statements, arguments)
}

fn subject(bound: &Bound, ident: &Ident, number: usize) -> TokenStream {
    let (statements, arguments) = arguments_from_values(bound, None);
    let how = if bound.is_result {
        quote!(ended)
    } else {
        quote!(returned)
    };
    quote! {
        fn subject() -> ::std::boxed::Box<dyn ::voidstate_spec::Subject> {
            ::std::boxed::Box::new(::voidstate_spec::__private::Function(
                |__operation: ::core::primitive::usize, __inputs: &[::voidstate_spec::language::Value]| {
                    if __operation != #number {
                        return ::core::result::Result::Ok(::voidstate_spec::Called::NoInstance);
                    }
                    #statements
                    ::voidstate_spec::__private::attempt(|| #ident(#(#arguments),*), |__result| {
                        ::voidstate_spec::__private::#how(
                            <#ident as ::voidstate_spec::Implements>::spec(), #number, &__result,
                        )
                    })
                },
            ))
        }
    }
}
