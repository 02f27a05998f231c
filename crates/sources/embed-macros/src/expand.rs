//! What becomes of an observed function.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{AttrStyle, Error, ItemFn, Result, ReturnType, Type, parse_quote};

use crate::options::Options;

/// Rewrites a function; refuses anything else.
pub(crate) fn observed(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options: Options = syn::parse2(arguments)?;
    let function = parse_function(item)?;
    if let Some(keyword) = &function.sig.constness {
        let text = "a `const fn` cannot be observed: it may run while compiling; take `const` or `#[observed]` away";
        return Err(Error::new(keyword.span(), text));
    }
    if let Some(err) = &options.err
        && matches!(function.sig.output, ReturnType::Default)
    {
        let text = "`err` needs a function that returns a `Result`; this one returns nothing";
        return Err(Error::new(err.span(), text));
    }
    Ok(rewrite(&function, &options))
}

fn parse_function(item: TokenStream) -> Result<ItemFn> {
    if let Ok(function) = syn::parse2::<ItemFn>(item.clone()) {
        return Ok(function);
    }
    if let Ok(declaration) = syn::parse2::<syn::TraitItemFn>(item.clone()) {
        let text = "`#[observed]` needs a function with a body: put it on the implementation of this method";
        return Err(Error::new(declaration.sig.span(), text));
    }
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(other) => Err(Error::new(
            other.span(),
            "`#[observed]` goes on a function or a method: put it on each `fn` that shall be observed",
        )),
        // What is no item at all may still be a method with syntax that only the compiler knows.
        Err(error) => Err(error),
    }
}

/// How the end of a function is read.
enum Ending {
    Plain,
    Result,
    ResultWithText,
}

fn ending(output: &ReturnType, options: &Options) -> Ending {
    if options.err.is_some() {
        return Ending::ResultWithText;
    }
    let is_result = match output {
        ReturnType::Type(_, ty) => match &**ty {
            Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident.to_string().ends_with("Result")),
            _ => false,
        },
        ReturnType::Default => false,
    };
    if is_result {
        Ending::Result
    } else {
        Ending::Plain
    }
}

fn rewrite(function: &ItemFn, options: &Options) -> TokenStream {
    let ItemFn {
        attrs,
        vis,
        sig,
        block,
    } = function;
    let name = options.name.as_ref().map_or_else(
        || {
            let ident = sig.ident.to_string();
            let ident = ident.trim_start_matches("r#").to_owned();
            quote!(::core::concat!(::core::module_path!(), "::", #ident))
        },
        ToTokens::to_token_stream,
    );
    let site = quote! {
        static __VOIDSTATE_SITE: ::voidstate_embed::__private::Site = ::voidstate_embed::__private::Site::new(#name);
    };
    let ending = ending(&sig.output, options);
    let body = if sig.asyncness.is_some() {
        future_body(block, &sig.output, &ending)
    } else {
        plain_body(block, &sig.output, &ending)
    };
    let (inner, outer): (Vec<_>, Vec<_>) = attrs
        .iter()
        .partition(|attribute| matches!(attribute.style, AttrStyle::Inner(_)));
    quote! {
        #(#outer)*
        #vis #sig {
            #(#inner)*
            #site
            #body
        }
    }
}

fn plain_body(block: &syn::Block, output: &ReturnType, ending: &Ending) -> TokenStream {
    let statements = &block.stmts;
    let method = match ending {
        Ending::Plain => {
            return quote! {
                let __voidstate_span = ::voidstate_embed::__private::enter(&__VOIDSTATE_SITE);
                #(#statements)*
            };
        }
        Ending::Result => quote!(result),
        Ending::ResultWithText => quote!(result_with_text),
    };
    let annotation = annotation(output);
    // The closure catches `?` and `return`; it is called once, on the spot.
    quote! {
        let mut __voidstate_span = ::voidstate_embed::__private::enter(&__VOIDSTATE_SITE);
        #[allow(clippy::redundant_closure_call, reason = "the closure catches early returns")]
        let __voidstate_result = (move || #annotation #block)();
        ::voidstate_embed::__private::SpanGuard::#method(&mut __voidstate_span, &__voidstate_result);
        __voidstate_result
    }
}

fn future_body(block: &syn::Block, output: &ReturnType, ending: &Ending) -> TokenStream {
    let method = match ending {
        Ending::Plain => quote!(plain),
        Ending::Result => quote!(result),
        Ending::ResultWithText => quote!(result_with_text),
    };
    let typed = match (output, erased(output)) {
        (_, Some(ty)) => quote_spanned!(ty.span()=> let __voidstate_output: #ty = #block;),
        (ReturnType::Default, None) => quote!(let __voidstate_output: () = #block;),
        (ReturnType::Type(..), None) => quote!(let __voidstate_output = #block;),
    };
    // An early return of the block is a return of the async block, whose type is said by the first statement.
    let hint = erased(output).map(|ty| {
        quote! {
            #[allow(unreachable_code, clippy::diverging_sub_expression, clippy::empty_loop, clippy::let_unit_value, reason = "says the type of the block and is never run")]
            if false {
                let __voidstate_type: #ty = loop {};
                return __voidstate_type;
            }
        }
    });
    quote! {
        ::voidstate_embed::__private::observe(
            &__VOIDSTATE_SITE,
            async move {
                #hint
                #typed
                #[allow(clippy::let_and_return, reason = "the binding says the type")]
                __voidstate_output
            },
            ::voidstate_embed::__private::AsyncSpan::#method,
        )
        .await
    }
}

/// `-> T` for the closure.
fn annotation(output: &ReturnType) -> TokenStream {
    erased(output).map_or_else(TokenStream::new, |ty| quote!(-> #ty))
}

/// The return type with `_` in place of every `impl Trait`, which may not be said outside a signature; nothing for `()`
/// and for `!`, which may not be said either.
fn erased(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    if matches!(**ty, Type::Never(_)) {
        return None;
    }
    let mut ty = (**ty).clone();
    Eraser.visit_type_mut(&mut ty);
    Some(ty)
}

struct Eraser;

impl VisitMut for Eraser {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::ImplTrait(_)) {
            *ty = parse_quote!(_);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}
