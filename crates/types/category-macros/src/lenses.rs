//! `#[derive(Lenses)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Fields, Member, Result};

use crate::{attribute, names};

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(
            &input.ident,
            "a lens needs a part that is always there, so `Lenses` is for structs; derive `Prisms` on an enum",
        ));
    };
    if matches!(data.fields, Fields::Unit) {
        return Err(Error::new_spanned(
            &input.ident,
            "this struct has no field that a lens could reach",
        ));
    }
    let mut constants = Vec::new();
    for (field, member) in data.fields.iter().zip(data.fields.members()) {
        let said = attribute::read(&field.attrs, "lens")?;
        if said.skip {
            continue;
        }
        let constant = said.name.unwrap_or_else(|| match &member {
            Member::Named(name) => names::constant(name),
            Member::Unnamed(place) => format_ident!("FIELD_{}", place.index),
        });
        let (visible, part) = (&field.vis, &field.ty);
        let of = match &member {
            Member::Named(name) => format!("The lens to `{name}`."),
            Member::Unnamed(place) => format!("The lens to field {}.", place.index),
        };
        constants.push(quote! {
            #[doc = #of]
            #[allow(dead_code, reason = "a lens to each field, used or not")]
            #visible const #constant: ::voidstate_category::optics::Lens<Self, #part> =
                ::voidstate_category::optics::Lens::new(|whole| &whole.#member, |whole| &mut whole.#member);
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
