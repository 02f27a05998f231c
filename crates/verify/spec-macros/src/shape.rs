//! A type of the spec as a constant expression, and how its names stand in Rust.

use proc_macro2::TokenStream;
use quote::quote;
use voidstate_language::{Slot, Type, Unit};

/// `voidstate_spec::__private::Shape` of a type.
pub(crate) fn shape(type_: &Type) -> TokenStream {
    let inner = |of: &Type| {
        let of = shape(of);
        quote!(&#of)
    };
    let kind = match type_ {
        Type::Bool => quote!(Bool),
        Type::Int(unit) => {
            let unit = symbol(*unit);
            quote!(Int(#unit))
        }
        Type::Real(unit) => {
            let unit = symbol(*unit);
            quote!(Real(#unit))
        }
        Type::Text => quote!(Text),
        Type::Bytes => quote!(Bytes),
        Type::Duration => quote!(Duration),
        Type::Size => quote!(Size),
        Type::List(of) => {
            let of = inner(of);
            quote!(List(#of))
        }
        Type::Map(key, value) => {
            let (key, value) = (inner(key), inner(value));
            quote!(Map(#key, #value))
        }
        Type::Option(of) => {
            let of = inner(of);
            quote!(Option(#of))
        }
        Type::Tuple(of) => {
            let of = of.iter().map(shape);
            quote!(Tuple(&[#(#of),*]))
        }
        Type::Record(of) => {
            let name = &of.name;
            let names = of.fields.iter().map(|(name, _)| name);
            let types = of.fields.iter().map(|(_, type_)| shape(type_));
            quote!(Record(#name, &[#((#names, #types)),*]))
        }
        Type::Enum(of) => {
            let name = &of.name;
            let names = of.variants.iter().map(|(name, _)| name);
            let payloads = of.variants.iter().map(|(_, types)| {
                let types = types.iter().map(shape);
                quote!(&[#(#types),*])
            });
            quote!(Enum(#name, &[#((#names, #payloads)),*]))
        }
    };
    quote!(::voidstate_spec::__private::Shape::#kind)
}

fn symbol(unit: Option<Unit>) -> TokenStream {
    match unit.map(Unit::symbol) {
        None => quote!(::core::option::Option::None),
        Some(symbol) => quote!(::core::option::Option::Some(#symbol)),
    }
}

/// How a unit ends a Rust name.
pub(crate) const fn suffix(unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => "bytes",
        Unit::Kilobytes => "kb",
        Unit::Megabytes => "mb",
        Unit::Gigabytes => "gb",
        Unit::Kibibytes => "kib",
        Unit::Mebibytes => "mib",
        Unit::Gibibytes => "gib",
        other => other.symbol(),
    }
}

fn unit(type_: &Type) -> Option<Unit> {
    match type_ {
        Type::Int(unit) | Type::Real(unit) => *unit,
        Type::Duration => Some(Unit::Nanoseconds),
        Type::Size => Some(Unit::Bytes),
        Type::List(of) | Type::Option(of) => unit(of),
        _ => None,
    }
}

/// Whether the Rust name stands for the slot: the same, or with the unit at its end.
pub(crate) fn stands_for(rust: &str, slot: &Slot) -> bool {
    let with_unit = |unit: Unit| format!("{}_{}", slot.name, suffix(unit));
    rust == slot.name || unit(&slot.type_).is_some_and(|unit| rust == with_unit(unit))
}
