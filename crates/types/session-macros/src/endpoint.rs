//! One role as a module: a type per state of its machine.

use std::collections::BTreeMap;
use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use voidstate_protocol::{Direction, Machine, Transition};

use crate::message::Message;
use crate::names::{self, Names, camel, snake};

/// What the types of one role are made of.
pub(crate) struct Endpoint<'a> {
    protocol: &'a Ident,
    machine: &'a Machine,
    messages: &'a BTreeMap<String, Message>,
    pub(crate) module: Ident,
    /// Peers in the order of the channels.
    pub(crate) peers: Vec<usize>,
    /// Names of the states, by number.
    states: Vec<Ident>,
    /// Names of the enums that offers give, by state.
    offers: BTreeMap<usize, Ident>,
}

const RESERVED: [&str; 8] = [
    "Here", "Initial", "Peers", "Message", "Link", "Channel", "Memory", "Error",
];

impl<'a> Endpoint<'a> {
    pub(crate) fn new(
        protocol: &'a Ident,
        module: Ident,
        machine: &'a Machine,
        messages: &'a BTreeMap<String, Message>,
    ) -> Self {
        let mut given = Names::without(&RESERVED);
        let mut offers = BTreeMap::new();
        let mut states = Vec::new();
        for at in 0..machine.states().len() {
            let transitions = machine.transitions(at);
            let (verb, what) = described(transitions);
            states.push(given.give(&format!("{verb}{what}"), Span::call_site()));
            if verb == "Offer" {
                offers.insert(at, given.give(&what, Span::call_site()));
            }
        }
        Self {
            protocol,
            machine,
            messages,
            module,
            peers: machine.peers(),
            states,
            offers,
        }
    }

    /// Every role it speaks with, by name.
    pub(crate) fn peer_fields(&self) -> Vec<Ident> {
        let mut given = Names::default();
        let roles = self.machine.roles();
        let field = |at: &usize| {
            let name = roles.get(*at).map_or_else(String::new, names::role);
            given.give(&name, Span::call_site())
        };
        self.peers.iter().map(field).collect()
    }

    fn channel_of(&self, peer: usize) -> usize {
        self.peers.iter().position(|p| *p == peer).unwrap_or(0)
    }

    fn role_name(&self, at: usize) -> String {
        self.machine
            .roles()
            .get(at)
            .map_or_else(String::new, ToString::to_string)
    }

    fn state(&self, at: usize) -> Ident {
        let known = self.states.get(at).cloned();
        known.unwrap_or_else(|| format_ident!("End"))
    }

    /// The module.
    pub(crate) fn write(&self) -> TokenStream {
        let module = &self.module;
        let name = self.machine.role().to_string();
        let peers: Vec<String> = self.peers.iter().map(|p| self.role_name(*p)).collect();
        let roles: Vec<String> = self
            .machine
            .roles()
            .iter()
            .map(ToString::to_string)
            .collect();
        let survives = self.peers.iter().map(|peer| {
            let mut all = self.machine.states().iter().flat_map(|s| &s.transitions);
            all.any(|t| t.direction == Direction::Crash && t.peer == *peer)
        });
        let count = self.peers.len();
        let fields = self.peer_fields();
        let initial = self.state(0);
        let states = (0..self.machine.states().len()).map(|at| self.write_state(at));
        let doc = format!("The endpoint of role `{name}`.");
        let machine_doc = format!(
            "The machine of role `{name}`, for a monitor; there, unless the parser that made these types was another."
        );
        let (doc_peers, doc_start) = (
            "Its channels, by the role at the other end.",
            "Begins a session over these channels.",
        );
        quote! {
            #[doc = #doc]
            pub mod #module {
                #[allow(unused_imports, reason = "a role may carry nothing")]
                use super::payload;
                use super::Message;
                use ::voidstate_session::memory::Memory;
                #[allow(unused_imports, reason = "a role may have nothing that fails")]
                use ::voidstate_session::{Channel, Error, Link};

                /// The role.
                #[derive(Debug, Clone, Copy)]
                pub enum Here {}

                impl ::voidstate_session::Role<#count> for Here {
                    type Message = Message;
                    const NAME: &'static str = #name;
                    const PEERS: [&'static str; #count] = [#(#peers),*];
                    const SURVIVES: [bool; #count] = [#(#survives),*];
                    const ROLES: &'static [&'static str] = &[#(#roles),*];
                }

                #[doc = #doc_peers]
                #[derive(Debug)]
                pub struct Peers<C> {
                    #(#[doc = "The channel to that role."] pub #fields: C,)*
                }

                #[doc = "Where the role begins."]
                pub type Initial<C = Memory<Message>> = #initial<C>;

                #[doc = #doc_start]
                #[must_use]
                pub fn start<C: Channel<Message>>(peers: Peers<C>) -> Initial<C> {
                    #initial { link: Link::new([#(peers.#fields),*]) }
                }

                #[doc = #machine_doc]
                #[must_use]
                pub fn machine() -> ::core::option::Option<::voidstate_session::monitor::Machine> {
                    super::machine_of(#name)
                }

                #(#states)*
            }
        }
    }

    fn write_state(&self, at: usize) -> TokenStream {
        let transitions = self.machine.transitions(at);
        let name = self.state(at);
        let count = self.peers.len();
        let path = format!("{}::{}::{name}", self.protocol, self.module);
        let steps: Vec<String> = transitions
            .iter()
            .map(|t| self.machine.describe(t))
            .collect();
        let (doc, must_use) = if transitions.is_empty() {
            ("The protocol is over.".to_owned(), TokenStream::new())
        } else {
            let steps = steps.join("` or `");
            let reason = "dropping an endpoint before its end cancels the session for every party";
            (format!("Next: `{steps}`."), quote!(#[must_use = #reason]))
        };
        let methods = match transitions.first().map(|t| t.direction) {
            None => quote! {
                /// Ends this part of the session; dropping it does the same.
                pub fn close(self) {
                    drop(self);
                }
            },
            Some(Direction::Send) => self.sends(transitions),
            Some(_) => self.receives(at, transitions),
        };
        let offer = self
            .offers
            .get(&at)
            .map(|name| self.write_offer(name, transitions));
        quote! {
            #[doc = #doc]
            #must_use
            pub struct #name<C: Channel<Message> = Memory<Message>> {
                #[allow(dead_code, reason = "the last state only drops it")]
                link: Link<Here, C, #count>,
            }

            impl<C: Channel<Message>> #name<C> {
                #methods
            }

            impl<C: Channel<Message>> ::core::fmt::Debug for #name<C> {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(#path)
                }
            }

            #offer
        }
    }

    /// What follows a step: the next state, finished if it is the last.
    fn next(&self, target: usize) -> TokenStream {
        let next = self.state(target);
        if self.machine.is_final(target) {
            quote!({ link.finish(); #next { link } })
        } else {
            quote!(#next { link })
        }
    }

    fn sends(&self, transitions: &[Transition]) -> TokenStream {
        let mut given = Names::default();
        let methods = transitions.iter().filter_map(|t| {
            let message = self.messages.get(&*t.label)?;
            let wanted = format!("send_{}", snake(&t.label));
            let is_doubled = transitions.iter().filter(|o| o.label == t.label).count() > 1;
            let wanted = if is_doubled {
                let peer = self.machine.roles().get(t.peer).map(names::role);
                format!("{wanted}_to_{}", peer.unwrap_or_default())
            } else {
                wanted
            };
            let method = given.give(&wanted, message.variant.span());
            let (variant, values, types) = (&message.variant, message.values(), message.types());
            let (pattern, channel) = (message.pattern(), self.channel_of(t.peer));
            let (state, next) = (self.state(t.target), self.next(t.target));
            let doc = format!(
                "Sends `{}` to `{}`.\n\n# Errors\nThat party or the session is gone, or the channel refuses the message.",
                t.label,
                self.role_name(t.peer)
            );
            Some(quote! {
                #[doc = #doc]
                #[inline]
                pub async fn #method(self #(, #values: #types)*) -> ::core::result::Result<#state<C>, Error> {
                    let mut link = self.link;
                    link.send(#channel, Message::#variant #pattern).await?;
                    ::core::result::Result::Ok(#next)
                }
            })
        });
        quote!(#(#methods)*)
    }

    fn receives(&self, at: usize, transitions: &[Transition]) -> TokenStream {
        let peer = transitions.first().map_or(0, |t| t.peer);
        let channel = self.channel_of(peer);
        let crash = transitions.iter().find(|t| t.direction == Direction::Crash);
        let labels: Vec<String> = transitions
            .iter()
            .filter(|t| t.direction == Direction::Receive)
            .map(|t| format!("`{}`", t.label))
            .collect();
        let expected = labels.join(" or ");
        let limit = transitions.iter().filter_map(|t| t.within).min();
        let call = heard(channel, limit, crash.is_some());
        let clock = limit.map(|_| quote!(, clock: &mut impl ::voidstate_session::Clock));
        let in_time = limit.map_or_else(String::new, |limit| {
            format!("\n\nThe protocol gives it {limit:?} from now, by `clock`.")
        });
        let errors =
            "\n\n# Errors\nThe party or the session is gone, it sent something else, or too late.";
        let role = self.role_name(peer);
        let wrap = |tokens: TokenStream| match crash {
            Some(_) => quote!(::voidstate_session::Heard::Message(#tokens)),
            None => tokens,
        };
        let Some(enumeration) = self.offers.get(&at) else {
            let Some((only, message)) = transitions
                .first()
                .and_then(|t| Some((t, self.messages.get(&*t.label)?)))
            else {
                return TokenStream::new();
            };
            let (variant, pattern) = (&message.variant, message.pattern());
            let (values, types) = (message.values(), message.types());
            let (state, next) = (self.state(only.target), self.next(only.target));
            let (output, result) = match (values.as_slice(), types.as_slice()) {
                ([], _) => (quote!(#state<C>), next),
                ([value], [of]) => (quote!((#of, #state<C>)), quote!((#value, #next))),
                _ => (
                    quote!(((#(#types),*), #state<C>)),
                    quote!(((#(#values),*), #next)),
                ),
            };
            let doc = format!("Receives {expected} from `{role}`.{in_time}{errors}");
            return quote! {
                #[doc = #doc]
                #[inline]
                pub async fn receive(self #clock) -> ::core::result::Result<#output, Error> {
                    let mut link = self.link;
                    match #call {
                        Message::#variant #pattern => ::core::result::Result::Ok(#result),
                        #[allow(unreachable_patterns, reason = "a protocol may have one message")]
                        other => ::core::result::Result::Err(link.unexpected(#channel, &other, #expected)),
                    }
                }
            };
        };
        let arms = transitions.iter().zip(self.offer_variants(transitions)).map(|(t, arm)| {
            let next = self.next(t.target);
            let Some(message) = self.messages.get(&*t.label) else {
                return quote!(::voidstate_session::Heard::Crashed => ::core::result::Result::Ok(#enumeration::#arm(#next)),);
            };
            let (variant, pattern, values) = (&message.variant, message.pattern(), message.values());
            let came = wrap(quote!(Message::#variant #pattern));
            quote!(#came => ::core::result::Result::Ok(#enumeration::#arm(#(#values,)* #next)),)
        });
        let other = wrap(quote!(other));
        let doc =
            format!("Receives {expected} from `{role}`, whichever it chose.{in_time}{errors}");
        quote! {
            #[doc = #doc]
            #[inline]
            pub async fn offer(self #clock) -> ::core::result::Result<#enumeration<C>, Error> {
                let mut link = self.link;
                match #call {
                    #(#arms)*
                    #[allow(unreachable_patterns, reason = "all messages may be foreseen")]
                    #other => ::core::result::Result::Err(link.unexpected(#channel, &other, #expected)),
                }
            }
        }
    }

    /// Names of the variants of an offer, one per transition.
    fn offer_variants(&self, transitions: &[Transition]) -> Vec<Ident> {
        let mut given = Names::default();
        // Labels first: they keep their names.
        let mut named = BTreeMap::new();
        let is_crash = |t: &Transition| t.direction == Direction::Crash;
        let order = |crash: bool| {
            let all = transitions.iter().enumerate();
            all.filter(move |(_, t)| is_crash(t) == crash)
        };
        for (at, t) in order(false).chain(order(true)) {
            let wanted = if is_crash(t) {
                format!("{}Crashed", camel(&self.role_name(t.peer)))
            } else {
                camel(&t.label)
            };
            named.insert(at, given.give(&wanted, Span::call_site()));
        }
        named.into_values().collect()
    }

    fn write_offer(&self, name: &Ident, transitions: &[Transition]) -> TokenStream {
        let variants = transitions
            .iter()
            .zip(self.offer_variants(transitions))
            .map(|(t, arm)| {
                let state = self.state(t.target);
                let types = self
                    .messages
                    .get(&*t.label)
                    .map(Message::types)
                    .unwrap_or_default();
                let doc = if t.direction == Direction::Crash {
                    format!("`{}` is gone.", self.role_name(t.peer))
                } else {
                    format!("`{}` came.", t.label)
                };
                quote!(#[doc = #doc] #arm(#(#types,)* #state<C>))
            });
        let shown = self.offer_variants(transitions).into_iter().map(|arm| {
            let text = format!("{name}::{arm}");
            quote!(Self::#arm(..) => #text,)
        });
        quote! {
            #[doc = "What came, and how it goes on."]
            #[must_use = "dropping an endpoint before its end cancels the session for every party"]
            pub enum #name<C: Channel<Message> = Memory<Message>> {
                #(#variants,)*
            }

            impl<C: Channel<Message>> ::core::fmt::Debug for #name<C> {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(match self {
                        #(#shown)*
                    })
                }
            }
        }
    }
}

/// The call that waits for a message.
fn heard(channel: usize, limit: Option<Duration>, survives: bool) -> TokenStream {
    let (method, limit) = match (limit, survives) {
        (None, false) => ("receive", None),
        (None, true) => ("receive_or_crash", None),
        (Some(limit), false) => ("receive_within", Some(limit)),
        (Some(limit), true) => ("receive_within_or_crash", Some(limit)),
    };
    let method = format_ident!("{method}");
    let limit = limit.map(|limit| {
        let (seconds, nanoseconds) = (limit.as_secs(), limit.subsec_nanos());
        quote!(, ::core::time::Duration::new(#seconds, #nanoseconds), clock)
    });
    quote!(link.#method(#channel #limit).await?)
}

/// What the role does in a state, and the labels.
fn described(transitions: &[Transition]) -> (&'static str, String) {
    let has_crash = transitions.iter().any(|t| t.direction == Direction::Crash);
    let messages: Vec<&Transition> = transitions
        .iter()
        .filter(|t| t.direction != Direction::Crash)
        .collect();
    let mut labels: Vec<String> = messages.iter().map(|t| camel(&t.label)).collect();
    labels.dedup();
    let many = labels.len() > 3;
    labels.truncate(if many { 2 } else { 3 });
    let mut what = labels.join("Or");
    if many {
        what.push_str("OrOther");
    }
    if has_crash {
        what.push_str("OrCrash");
    }
    let verb = match (messages.as_slice(), has_crash) {
        ([], _) if !has_crash => return ("End", String::new()),
        ([one], _) if one.direction == Direction::Send => "Send",
        ([first, ..], _) if first.direction == Direction::Send => "Choose",
        ([_], false) => "Receive",
        _ => "Offer",
    };
    (verb, what)
}
