//! The enum of all messages of a protocol.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use voidstate_protocol::{Direction, Machine, Payload, Transition};

use crate::names::{Names, camel, snake};
use crate::source::{Head, Source};
use crate::types;

/// One message: its variant and what it carries.
pub(crate) struct Message {
    pub(crate) label: String,
    pub(crate) variant: Ident,
    /// Names of its types in the module `payload`, and names for values of them.
    pub(crate) fields: Vec<(Ident, Ident)>,
    payload: Vec<Payload>,
}

impl Message {
    /// Names for the values.
    pub(crate) fn values(&self) -> Vec<&Ident> {
        self.fields.iter().map(|(_, value)| value).collect()
    }

    /// The types.
    pub(crate) fn types(&self) -> Vec<TokenStream> {
        let path = |(name, _): &(Ident, Ident)| quote!(payload::#name);
        self.fields.iter().map(path).collect()
    }

    /// `(a, b)` behind the variant, or nothing.
    pub(crate) fn pattern(&self) -> TokenStream {
        let values = self.values();
        if values.is_empty() {
            TokenStream::new()
        } else {
            quote!((#(#values),*))
        }
    }
}

/// The messages of a protocol by label.
pub(crate) fn collect(
    machines: &[Machine],
    source: &Source,
) -> syn::Result<BTreeMap<String, Message>> {
    let mut messages: BTreeMap<String, Message> = BTreeMap::new();
    let mut variants = Names::default();
    let mut types = Names::default();
    let transitions = machines
        .iter()
        .flat_map(|m| m.states().iter().flat_map(|s| &s.transitions))
        .filter(|t| t.direction != Direction::Crash);
    for transition in transitions {
        if let Some(known) = messages.get(&*transition.label) {
            same_payload(known, transition, source)?;
            continue;
        }
        let label = transition.label.to_string();
        let at = source.place_of(&label);
        let name = camel(&label);
        let is_alone = transition.payload.len() == 1;
        let fields = (1..=transition.payload.len()).map(|n| {
            let wanted = if is_alone {
                name.clone()
            } else {
                format!("{name}Part{n}")
            };
            let value = if is_alone {
                snake(&label)
            } else {
                format!("{}_{n}", snake(&label))
            };
            (types.give(&wanted, at), format_ident!("carried_{value}"))
        });
        let message = Message {
            variant: variants.give(&name, at),
            fields: fields.collect(),
            payload: transition.payload.to_vec(),
            label: label.clone(),
        };
        messages.insert(label, message);
    }
    Ok(messages)
}

fn same_payload(known: &Message, seen: &Transition, source: &Source) -> syn::Result<()> {
    if known.payload == *seen.payload {
        return Ok(());
    }
    let shown = |payload: &[Payload]| {
        let all: Vec<String> = payload.iter().map(ToString::to_string).collect();
        all.join(", ")
    };
    let message = format!(
        "message `{}` carries ({}) in one place and ({}) in another; give one of them another label",
        known.label,
        shown(&known.payload),
        shown(&seen.payload)
    );
    Err(syn::Error::new(source.place_of(&known.label), message))
}

/// The module of the types, the enum, and what it implements.
pub(crate) fn write(
    messages: &BTreeMap<String, Message>,
    head: &Head,
    source: &Source,
) -> syn::Result<TokenStream> {
    let (mut aliases, mut carried) = (Vec::new(), Vec::new());
    for message in messages.values() {
        for ((name, _), payload) in message.fields.iter().zip(&message.payload) {
            let is_endpoint = matches!(payload, Payload::Session { .. });
            if is_endpoint && head.is_wire() {
                let at = source.place_of(&message.label);
                let why = format!(
                    "message `{}` carries an endpoint, which cannot cross a wire; take `#[wire]` away",
                    message.label
                );
                return Err(syn::Error::new(at, why));
            }
            let of = types::of(payload, source)?;
            let doc = format!("What `{}` carries.", message.label);
            // A message may be called as the type that it carries.
            let apart = format_ident!("__{name}");
            carried.push(quote!(pub type #apart = #of;));
            aliases.push(quote!(#[doc = #doc] pub type #name = super::carried::#apart;));
        }
    }
    let variants = messages.values().map(|message| {
        let (variant, types) = (&message.variant, message.types());
        let doc = format!("`{}`", message.label);
        if types.is_empty() {
            quote!(#[doc = #doc] #variant)
        } else {
            quote!(#[doc = #doc] #variant(#(#types),*))
        }
    });
    let labels = messages.values().map(|message| {
        let (variant, label) = (&message.variant, &message.label);
        quote!(Self::#variant { .. } => #label,)
    });
    let attributes = head.of_messages();
    let debug = (!head.derives("Debug")).then(|| {
        quote! {
            impl ::core::fmt::Debug for Message {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(::voidstate_session::Labelled::label(self))
                }
            }
        }
    });
    let wire = head.is_wire().then(|| wire(messages));
    Ok(quote! {
        #[allow(non_camel_case_types, reason = "these names must be nobody else's")]
        mod carried {
            #[allow(unused_imports, reason = "a protocol may carry nothing of it")]
            use super::super::*;
            #(#carried)*
        }

        /// What messages carry, by label.
        pub mod payload {
            #(#aliases)*
        }

        /// Every message of the protocol: what its channels carry.
        #(#attributes)*
        pub enum Message {
            #(#variants,)*
        }

        impl ::voidstate_session::Labelled for Message {
            fn label(&self) -> &str {
                match self {
                    #(#labels)*
                }
            }
        }

        #debug
        #wire
    })
}

fn wire(messages: &BTreeMap<String, Message>) -> TokenStream {
    let pack = messages.values().map(|message| {
        let (variant, pattern, values) = (&message.variant, message.pattern(), message.values());
        let value = match values.as_slice() {
            [one] => quote!(#one),
            many => quote!(&(#(#many,)*)),
        };
        quote!(Self::#variant #pattern => ::voidstate_session::wire::pack(#value),)
    });
    let unpack = messages.values().map(|message| {
        let (variant, label, values) = (&message.variant, &message.label, message.values());
        let pattern = message.pattern();
        let names = match values.as_slice() {
            [one] => quote!(#one),
            many => quote!((#(#many,)*)),
        };
        quote! {
            #label => {
                let #names = ::voidstate_session::wire::unpack(payload)?;
                ::core::result::Result::Ok(Self::#variant #pattern)
            }
        }
    });
    quote! {
        impl ::voidstate_session::wire::Wire for Message {
            fn pack(&self) -> ::core::result::Result<::std::vec::Vec<u8>, ::voidstate_session::Fault> {
                match self {
                    #(#pack)*
                }
            }

            fn unpack(
                label: &str,
                payload: &[u8],
            ) -> ::core::result::Result<Self, ::voidstate_session::Fault> {
                match label {
                    #(#unpack)*
                    _ => ::core::result::Result::Err(::voidstate_session::Fault::UnknownLabel {
                        label: ::std::borrow::ToOwned::to_owned(label),
                    }),
                }
            }
        }
    }
}
