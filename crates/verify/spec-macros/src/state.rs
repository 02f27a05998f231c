//! How the state variables of a tool are read from an instance.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, ImplItemFn, Result, ReturnType, Type};
use voidstate_language::Slot;

use crate::arguments::{Arguments, Read};
use crate::derive::plain;
use crate::shape::stands_for;
use crate::signature::{Errors, slot_check};
use crate::source::Source;

/// One state variable in Rust.
struct Getter {
    ident: Ident,
    type_: Type,
    is_field: bool,
}

/// Every state variable of a tool, in the order of the spec.
pub(crate) struct State {
    getters: Vec<Getter>,
}

impl State {
    /// # Errors
    /// At the type for a variable that nothing reads, at the name for one that the spec has not.
    pub(crate) fn find(
        arguments: &Arguments,
        source: &Source,
        slots: &[Slot],
        methods: &[&ImplItemFn],
        self_type: &Type,
    ) -> Result<Self> {
        let mut errors = Errors::default();
        let named = || arguments.fields.iter().chain(&arguments.methods);
        for read in named() {
            if !slots
                .iter()
                .any(|slot| stands_for(&plain(&read.ident), slot))
            {
                let text = format!("the spec has no state variable `{}`", plain(&read.ident));
                errors.push(Error::new(read.ident.span(), text));
            }
        }
        let mut getters = Vec::new();
        for slot in slots {
            match getter(arguments, slot, methods) {
                Some(getter) => getters.push(getter),
                None => {
                    let text = format!(
                        "nothing here reads the state variable `{0}`: write `fn {0}(&self) -> …` in this block, or say \
                         `fields({0}: …)` or `methods({0}: …)` in the attribute\n{1}",
                        slot.name,
                        source.line(slot.span)
                    );
                    errors.push(Error::new(self_type.span(), text));
                }
            }
        }
        errors.finish()?;
        Ok(Self { getters })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.getters.is_empty()
    }

    /// Constants that fail to compile where a variable's type is not the spec's.
    pub(crate) fn checks(&self, slots: &[Slot], self_type: &Type, source: &Source) -> TokenStream {
        let check = |(getter, slot): (&Getter, &Slot)| {
            slot_check(
                slot,
                &getter.type_,
                Some(self_type),
                &plain(&getter.ident),
                &quote!(Out),
                source,
            )
        };
        self.getters.iter().zip(slots).map(check).collect()
    }

    /// A closure from the slots to the values that `instance` has.
    pub(crate) fn closure(&self, instance: &TokenStream) -> TokenStream {
        let values = self.getters.iter().enumerate().map(|(at, getter)| {
            let (ident, type_) = (&getter.ident, &getter.type_);
            let read = if getter.is_field {
                quote_spanned!(ident.span()=> &#instance.#ident)
            } else {
                quote_spanned!(ident.span()=> &#instance.#ident())
            };
            quote_spanned!(type_.span()=> ::voidstate_spec::__private::value(#read, __slots, #at)?)
        });
        quote! {
            |__slots: &[::voidstate_spec::language::Slot]| -> ::core::result::Result<
                ::std::vec::Vec<::voidstate_spec::language::Value>,
                ::voidstate_spec::Error,
            > {
                let _ = __slots;
                ::core::result::Result::Ok(::std::vec![#(#values),*])
            }
        }
    }
}

fn getter(arguments: &Arguments, slot: &Slot, methods: &[&ImplItemFn]) -> Option<Getter> {
    let named = |reads: &[Read], is_field| {
        let read = reads
            .iter()
            .find(|read| stands_for(&plain(&read.ident), slot))?;
        Some(Getter {
            ident: read.ident.clone(),
            type_: read.type_.clone(),
            is_field,
        })
    };
    let method = || {
        let method = methods.iter().find(|m| {
            stands_for(&plain(&m.sig.ident), slot)
                && m.sig.inputs.len() == 1
                && m.sig.receiver().is_some()
        })?;
        let ReturnType::Type(_, type_) = &method.sig.output else {
            return None;
        };
        Some(Getter {
            ident: format_ident!("{}", method.sig.ident, span = method.sig.ident.span()),
            type_: (**type_).clone(),
            is_field: false,
        })
    };
    named(&arguments.fields, true)
        .or_else(|| named(&arguments.methods, false))
        .or_else(method)
}
