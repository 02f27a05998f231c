//! `#[derive(SpecValue)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DataEnum, DeriveInput, Error, Field, Fields, Ident, Index, LitStr, Member,
    Path, Result, Variant, parse_quote,
};

/// What `#[spec(…)]` says.
#[derive(Default)]
struct Options {
    rename: Option<LitStr>,
    unit: Option<LitStr>,
    skip: bool,
    read_only: bool,
}

impl Options {
    fn of(attributes: &[Attribute], allowed: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("spec")) {
            attribute.parse_nested_meta(|meta| {
                let word = meta
                    .path
                    .get_ident()
                    .map(Ident::to_string)
                    .unwrap_or_default();
                if !allowed.contains(&word.as_str()) {
                    let text = format!(
                        "unknown option `{word}` here: `#[spec]` takes {}",
                        allowed.join(", ")
                    );
                    return Err(meta.error(text));
                }
                match word.as_str() {
                    "rename" => options.rename = Some(meta.value()?.parse()?),
                    "unit" => options.unit = Some(meta.value()?.parse()?),
                    "skip" => options.skip = true,
                    _ => options.read_only = true,
                }
                Ok(())
            })?;
        }
        Ok(options)
    }
}

/// The pieces of the implementations.
struct Parts {
    shape: TokenStream,
    to_value: TokenStream,
    from_value: TokenStream,
    /// Types of the fields that take part.
    types: Vec<syn::Type>,
}

pub(crate) fn spec_value(item: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let options = Options::of(&input.attrs, &["rename", "unit", "read_only"])?;
    let name = options
        .rename
        .as_ref()
        .map_or_else(|| plain(&input.ident), LitStr::value);
    let parts = match &input.data {
        Data::Struct(data) => match (&options.unit, &data.fields) {
            (Some(unit), fields) => newtype(unit, fields)?,
            (None, Fields::Named(_)) => structure(&name, &data.fields)?,
            (None, _) => {
                let text = "only structs with named fields are records; a newtype of a number says its unit with \
                            `#[spec(unit = \"…\")]`";
                return Err(Error::new(input.ident.span(), text));
            }
        },
        Data::Enum(data) => enumeration(&name, data)?,
        Data::Union(_) => {
            return Err(Error::new(
                input.ident.span(),
                "the language of specs has no unions",
            ));
        }
    };
    Ok(implementations(&input, &options, &parts))
}

fn implementations(input: &DeriveInput, options: &Options, parts: &Parts) -> TokenStream {
    let ident = &input.ident;
    let Parts {
        shape,
        to_value,
        from_value,
        types,
    } = parts;
    let bounded = |bound: Path| {
        let mut generics = input.generics.clone();
        let parameters: Vec<Ident> = generics.type_params().map(|p| p.ident.clone()).collect();
        if !parameters.is_empty() {
            let clause = generics.make_where_clause();
            for type_ in types {
                clause.predicates.push(parse_quote!(#type_: #bound));
            }
        }
        generics
    };
    let generics = bounded(parse_quote!(::voidstate_spec::SpecValue));
    let (head, tail, clause) = generics.split_for_impl();
    let to = quote! {
        #[automatically_derived]
        impl #head ::voidstate_spec::SpecValue for #ident #tail #clause {
            const SHAPE: ::voidstate_spec::__private::Shape = #shape;

            fn to_value(
                &self,
                __type: &::voidstate_spec::language::Type,
            ) -> ::core::result::Result<::voidstate_spec::language::Value, ::voidstate_spec::Error> {
                #to_value
            }
        }
    };
    if options.read_only || input.generics.lifetimes().next().is_some() {
        return to;
    }
    let generics = bounded(parse_quote!(::voidstate_spec::FromSpec));
    let (head, tail, clause) = generics.split_for_impl();
    quote! {
        #to

        #[automatically_derived]
        impl #head ::voidstate_spec::FromSpec for #ident #tail #clause {
            fn from_value(
                __value: &::voidstate_spec::language::Value,
            ) -> ::core::result::Result<Self, ::voidstate_spec::Error> {
                #from_value
            }
        }
    }
}

/// A number in a unit.
fn newtype(unit: &LitStr, fields: &Fields) -> Result<Parts> {
    if voidstate_language::Unit::from_symbol(&unit.value()).is_none() {
        let known: Vec<&str> = voidstate_language::Unit::ALL
            .iter()
            .map(|u| u.symbol())
            .collect();
        let text = format!(
            "no unit `{}`; the units are {}",
            unit.value(),
            known.join(", ")
        );
        return Err(Error::new(unit.span(), text));
    }
    let mut all = fields.iter();
    let (Some(field), None) = (all.next(), all.next()) else {
        return Err(Error::new(
            unit.span(),
            "a number in a unit is a struct with one field",
        ));
    };
    let member = field
        .ident
        .clone()
        .map_or_else(|| Member::Unnamed(Index::from(0)), Member::Named);
    let type_ = &field.ty;
    Ok(Parts {
        shape: quote_spanned! {type_.span()=>
            ::voidstate_spec::__private::in_unit(<#type_ as ::voidstate_spec::SpecValue>::SHAPE, #unit)
        },
        to_value: quote!(::voidstate_spec::SpecValue::to_value(&self.#member, __type)),
        from_value: quote!(::core::result::Result::Ok(Self { #member: ::voidstate_spec::FromSpec::from_value(__value)? })),
        types: vec![type_.clone()],
    })
}

/// A field that takes part, and the names under which a spec may have it.
struct Named {
    ident: Ident,
    type_: syn::Type,
    /// The name, then that without its unit.
    names: Vec<String>,
}

fn named(field: &Field) -> Result<Option<Named>> {
    let options = Options::of(&field.attrs, &["rename", "skip"])?;
    let Some(ident) = field.ident.clone().filter(|_| !options.skip) else {
        return Ok(None);
    };
    let name = options
        .rename
        .as_ref()
        .map_or_else(|| plain(&ident), LitStr::value);
    let without = voidstate_language::Unit::ALL
        .iter()
        .find_map(|unit| name.strip_suffix(&format!("_{}", crate::shape::suffix(*unit))))
        .filter(|rest| !rest.is_empty())
        .map(str::to_owned);
    Ok(Some(Named {
        ident,
        type_: field.ty.clone(),
        names: std::iter::once(name).chain(without).collect(),
    }))
}

fn structure(name: &str, fields: &Fields) -> Result<Parts> {
    let mut taking_part = Vec::new();
    let mut skipped = Vec::new();
    for field in fields {
        match named(field)? {
            Some(named) => taking_part.push(named),
            None => skipped.extend(field.ident.clone()),
        }
    }
    // A shorter name that another field bears is that field's.
    let first: Vec<String> = taking_part
        .iter()
        .filter_map(|f| f.names.first().cloned())
        .collect();
    for field in &mut taking_part {
        let mut position = 0;
        field.names.retain(|n| {
            position += 1;
            position == 1 || !first.contains(n)
        });
    }
    let idents: Vec<&Ident> = taking_part.iter().map(|f| &f.ident).collect();
    let types: Vec<&syn::Type> = taking_part.iter().map(|f| &f.type_).collect();
    let names: Vec<&Vec<String>> = taking_part.iter().map(|f| &f.names).collect();
    let shapes = types
        .iter()
        .map(|t| quote_spanned!(t.span()=> <#t as ::voidstate_spec::SpecValue>::SHAPE));
    Ok(Parts {
        shape: quote! {
            ::voidstate_spec::__private::Shape::Record(#name, &[#((#first, #shapes)),*])
        },
        to_value: quote! {
            ::voidstate_spec::__private::record(#name, __type, |__name, __type| match __name {
                #(#(#names)|* => ::core::option::Option::Some(::voidstate_spec::SpecValue::to_value(&self.#idents, __type)),)*
                _ => ::core::option::Option::None,
            })
        },
        from_value: quote! {
            let __fields = ::voidstate_spec::__private::fields(#name, __value)?;
            ::core::result::Result::Ok(Self {
                #(#idents: __fields.take(&[#(#names),*])?,)*
                #(#skipped: ::core::default::Default::default(),)*
            })
        },
        types: types.into_iter().cloned().collect(),
    })
}

fn enumeration(name: &str, data: &DataEnum) -> Result<Parts> {
    if data.variants.is_empty() {
        return Err(Error::new(
            Span::call_site(),
            "an enum without alternatives has no values",
        ));
    }
    let mut shapes = Vec::new();
    let mut to_arms = Vec::new();
    let mut from_arms = Vec::new();
    let mut types = Vec::new();
    for variant in &data.variants {
        let options = Options::of(&variant.attrs, &["rename"])?;
        let spec_name = options
            .rename
            .as_ref()
            .map_or_else(|| snake_case(&plain(&variant.ident)), LitStr::value);
        let (shape, to, from) = alternative(name, &spec_name, variant);
        shapes.push(shape);
        to_arms.push(to);
        from_arms.push(from);
        types.extend(variant.fields.iter().map(|f| f.ty.clone()));
    }
    Ok(Parts {
        shape: quote!(::voidstate_spec::__private::Shape::Enum(#name, &[#(#shapes),*])),
        to_value: quote!(match self { #(#to_arms)* }),
        from_value: quote! {
            match ::voidstate_spec::__private::alternative(#name, __value)? {
                #(#from_arms)*
                (__other, _) => ::core::result::Result::Err(::voidstate_spec::__private::unknown(#name, __other)),
            }
        },
        types,
    })
}

fn alternative(
    enum_name: &str,
    spec_name: &str,
    variant: &Variant,
) -> (TokenStream, TokenStream, TokenStream) {
    let ident = &variant.ident;
    let types: Vec<&syn::Type> = variant.fields.iter().map(|f| &f.ty).collect();
    let members: Vec<Member> = variant.fields.members().collect();
    let bindings: Vec<Ident> = (0..members.len())
        .map(|n| format_ident!("__part{n}"))
        .collect();
    let places: Vec<usize> = (0..members.len()).collect();
    let shapes = types
        .iter()
        .map(|t| quote_spanned!(t.span()=> <#t as ::voidstate_spec::SpecValue>::SHAPE));
    let shape = quote!((#spec_name, &[#(#shapes),*]));
    let to = quote! {
        Self::#ident { #(#members: #bindings),* } => ::voidstate_spec::__private::variant(#spec_name, __type, |__types| {
            let _ = __types;
            ::core::result::Result::Ok(::std::vec![
                #(::voidstate_spec::SpecValue::to_value(#bindings, ::voidstate_spec::__private::payload(__types, #places)?)?),*
            ])
        }),
    };
    let from = quote! {
        (#spec_name, __parts) => {
            let _ = __parts;
            ::core::result::Result::Ok(Self::#ident {
                #(#members: ::voidstate_spec::__private::argument(#enum_name, __parts, #places)?),*
            })
        }
    };
    (shape, to, from)
}

/// The name without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// `NoPattern` as `no_pattern`.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    let mut before_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && before_lower {
            text.push('_');
        }
        before_lower = !c.is_uppercase();
        text.extend(c.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_named_in_snake_case() {
        for (rust, spec) in [
            ("NoPattern", "no_pattern"),
            ("Up", "up"),
            ("IoError2", "io_error2"),
        ] {
            assert_eq!(snake_case(rust), spec);
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for (item, words) in [
            (
                quote!(
                    struct A(u8, u8);
                ),
                "named fields",
            ),
            (quote!(union A { a: u8, b: u8 }), "unions"),
            (
                quote!(
                    enum A {}
                ),
                "without alternatives",
            ),
            (
                quote!(
                    #[spec(unit = "lightyears")]
                    struct A(i64);
                ),
                "no unit",
            ),
            (
                quote!(
                    #[spec(unit = "ns")]
                    struct A(i64, i64);
                ),
                "one field",
            ),
            (
                quote!(
                    #[spec(colour = "red")]
                    struct A {
                        a: u8,
                    }
                ),
                "unknown option",
            ),
        ] {
            let error = spec_value(item).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
