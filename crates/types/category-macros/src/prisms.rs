//! `#[derive(Prisms)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Result, Variant};

use crate::{attribute, names};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(
            &input.ident,
            "a prism reaches one case of several, so `Prisms` is for enums; derive `Lenses` on a struct",
        ));
    };
    let visible = &input.vis;
    let mut constants = Vec::new();
    for variant in &data.variants {
        let said = attribute::read(&variant.attrs, "prism")?;
        if said.skip {
            continue;
        }
        let constant = said.name.unwrap_or_else(|| names::constant(&variant.ident));
        let Case {
            part,
            get,
            get_mut,
            build,
        } = case(variant)?;
        let of = format!("The prism to what `{}` holds.", variant.ident);
        constants.push(quote! {
            #[doc = #of]
            #[allow(dead_code, unreachable_patterns, reason = "a prism to each variant, used or not, or the only one")]
            #visible const #constant: ::voidstate_category::optics::Prism<Self, #part> =
                ::voidstate_category::optics::Prism::new(
                    |whole| match whole {
                        #get
                        _ => ::core::option::Option::None,
                    },
                    |whole| match whole {
                        #get_mut
                        _ => ::core::option::Option::None,
                    },
                    #build,
                );
        });
    }
    let name = &input.ident;
    let (generics, arguments, clause) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #generics #name #arguments #clause {
            #(#constants)*
        }
    })
}

/// The pieces of one variant's prism.
struct Case {
    part: TokenStream,
    get: TokenStream,
    get_mut: TokenStream,
    build: TokenStream,
}

fn case(variant: &Variant) -> Result<Case> {
    let name = &variant.ident;
    let mut fields = variant.fields.iter().zip(variant.fields.members());
    match (fields.next(), fields.next()) {
        (None, _) => {
            let pattern = quote!(Self::#name { .. });
            Ok(Case {
                part: quote!(()),
                get: quote!(#pattern => ::core::option::Option::Some(&()),),
                // A reference to an empty value may be made of nothing.
                get_mut: quote! {
                    #pattern => ::core::option::Option::Some(
                        ::std::boxed::Box::leak(::std::boxed::Box::new(()))
                    ),
                },
                build: quote!(|()| Self::#name {}),
            })
        }
        (Some((field, member)), None) => {
            let part = &field.ty;
            let found =
                quote!(Self::#name { #member: part } => ::core::option::Option::Some(part),);
            Ok(Case {
                part: quote!(#part),
                get: found.clone(),
                get_mut: found,
                build: quote!(|part| Self::#name { #member: part }),
            })
        }
        (Some(_), Some(_)) => Err(Error::new_spanned(
            variant,
            format!(
                "a prism has one part and `{name}` has several fields; put them into a struct of their own, or leave \
                 it out by `#[prism(skip)]`"
            ),
        )),
    }
}
