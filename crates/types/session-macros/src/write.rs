//! Protocols as modules.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use voidstate_protocol::{Machine, Protocol};

use crate::endpoint::Endpoint;
use crate::message;
use crate::names::{self, Names};
use crate::source::{Head, Source};

/// One module per protocol of the source.
pub(crate) fn modules(source: &Source) -> syn::Result<TokenStream> {
    let protocols = voidstate_protocol::parse(&source.text).map_err(|found| {
        let mut errors = found.iter().map(|diagnostic| source.error(diagnostic));
        let first = errors
            .next()
            .unwrap_or_else(|| syn::Error::new(source.place_of(""), "the protocol cannot be read"));
        errors.fold(first, |mut all, next| {
            all.combine(next);
            all
        })
    })?;
    if protocols.is_empty() {
        let message = "there is no protocol; write `protocol Name(role a, role b) { … }`";
        return Err(syn::Error::new(source.place_of(""), message));
    }
    let mut out = source.dependency();
    for (at, protocol) in protocols.iter().enumerate() {
        // A protocol with open sizes is only played inside others.
        let is_open = protocol.params.iter().any(|param| param.value.is_none());
        if is_open && protocols.len() > 1 {
            continue;
        }
        out.extend(module(protocol, source.head(at), source)?);
    }
    Ok(out)
}

fn module(protocol: &Protocol, head: &Head, source: &Source) -> syn::Result<TokenStream> {
    let at = source.place_of(&protocol.name.text);
    let machines = protocol
        .machines()
        .map_err(|error| match error.diagnostic() {
            Some(diagnostic) => source.error(&diagnostic),
            None => syn::Error::new(at, error),
        })?;
    if let Some(idle) = machines.iter().find(|m| m.peers().is_empty()) {
        let message = format!(
            "role `{}` takes no part in the protocol; take it out",
            idle.role()
        );
        return Err(syn::Error::new(source.place_of(&idle.role().name), message));
    }
    let name = names::ident(&names::snake(&protocol.name.text), at);
    let messages = message::collect(&machines, source)?;
    let written = message::write(&messages, head, source)?;
    let mut given = Names::without(&["payload", "carried"]);
    let endpoints: Vec<Endpoint<'_>> = machines
        .iter()
        .map(|machine| {
            let module = given.give(&names::role(machine.role()), at);
            Endpoint::new(&name, module, machine, &messages)
        })
        .collect();
    let roles = endpoints.iter().map(Endpoint::write);
    let connect = connect(&machines, &endpoints);
    let visibility = &head.visibility;
    let text = protocol.to_string();
    let doc = format!("The protocol `{}`.\n\n```text\n{text}\n```", protocol.name);
    let whole = &source.text;
    let protocol_name = &protocol.name.text;
    Ok(quote! {
        #[doc = #doc]
        #[allow(
            dead_code,
            unreachable_pub,
            clippy::all,
            reason = "a program may use some states of some roles"
        )]
        #visibility mod #name {
            /// The text that this module was made of.
            pub const TEXT: &str = #whole;

            /// The machine of a role of this protocol.
            fn machine_of(role: &str) -> ::core::option::Option<::voidstate_session::monitor::Machine> {
                ::voidstate_session::monitor::machine(TEXT, #protocol_name, role)
            }

            #written
            #connect
            #(#roles)*
        }
    })
}

/// Functions that give every role its endpoint.
fn connect(machines: &[Machine], endpoints: &[Endpoint<'_>]) -> TokenStream {
    let role_name = |at: usize| {
        machines
            .get(at)
            .map_or_else(String::new, |m| m.role().to_string())
    };
    let channel = |of: usize, to: usize| -> Ident { format_ident!("from_{of}_to_{to}") };
    let mut pairs: BTreeMap<(usize, usize), ()> = BTreeMap::new();
    for (at, endpoint) in endpoints.iter().enumerate() {
        for &peer in &endpoint.peers {
            pairs.insert((at.min(peer), at.max(peer)), ());
        }
    }
    let pairs = pairs.into_keys().map(|(a, b)| {
        let (first, second) = (channel(a, b), channel(b, a));
        let (first_name, second_name) = (role_name(a), role_name(b));
        quote!(let (#first, #second) = pair(#first_name, #second_name);)
    });
    let modules: Vec<&Ident> = endpoints.iter().map(|e| &e.module).collect();
    let starts = endpoints.iter().enumerate().map(|(at, endpoint)| {
        let module = &endpoint.module;
        let channels = endpoint.peers.iter().map(|peer| channel(at, *peer));
        let fields = endpoint.peer_fields();
        quote!(#module::start(#module::Peers { #(#fields: #channels),* }))
    });
    quote! {
        /// An endpoint for every role, in the order of the protocol, over channels in memory.
        #[must_use]
        pub fn connect() -> (#(#modules::Initial,)*) {
            connect_by(|_, _| ::voidstate_session::memory::pair())
        }

        /// An endpoint for every role, in the order of the protocol; `pair` gives the two ends of the channel between two
        /// roles.
        #[must_use]
        pub fn connect_by<C: ::voidstate_session::Channel<Message>>(
            mut pair: impl FnMut(&'static str, &'static str) -> (C, C),
        ) -> (#(#modules::Initial<C>,)*) {
            #(#pairs)*
            (#(#starts,)*)
        }
    }
}
