//! Multiparty session types: a protocol becomes one typed endpoint per role, whose states allow its next step and no other.
//!
//! It is *not* an executor, a network or a checker of protocols: futures run anywhere, channels are brought along or taken
//! from here, and [`voidstate_protocol`] reads, projects and checks.
//!
//! ```
//! voidstate_session::protocol! {
//!     protocol Greeting(role guest, role host) {
//!         Hello(String) from guest to host;
//!         Welcome(u32) from host to guest;
//!     }
//! }
//!
//! # fn main() -> Result<(), voidstate_session::Error> {
//! let (guest, host) = greeting::connect();
//! let seat = voidstate_session::blocking::block_on(async {
//!     let guest = guest.send_hello("Ada".to_owned()).await?;
//!     let (name, host) = host.receive().await?;
//!     host.send_welcome(name.len() as u32).await?.close();
//!     Ok::<_, voidstate_session::Error>(guest.receive().await?.0)
//! })?;
//! assert_eq!(seat, 3);
//! # Ok(())
//! # }
//! ```
//!
//! # Items
//! - [`protocol!`], [`protocol_file!`]: a module per protocol, with a module per role. Every state is a type; sending is a
//!   method per label, receiving is `receive`, or `offer` where the peer chooses.
//! - [`Channel`] carries messages: [`memory`] for any executor, [`blocking`] for threads and pipes, [`simulated`] for bad
//!   networks, `tokio` for its mpsc channels, TCP and TLS. [`Link`] is what states are made of.
//! - [`Error`] says why a session ended, [`Fault`] what a channel said. [`Clock`] is asked where a message has a time.
//! - [`monitor`]: untyped parties held against their machines, and a relay between them. [`wire`]: messages as bytes.
//!
//! # Invariants
//! - A step that the protocol does not allow does not compile, and a program written for a protocol does not compile
//!   against one that differs: `broken_promises_do_not_compile`.
//! - Who leaves is told to all parties, by name: `dropping_an_endpoint_reaches_all_parties`, also when nobody waits for it:
//!   `a_party_that_nobody_waits_for_is_heard_when_it_leaves`.
//! - Where the protocol says how to go on without a role, the others do: `a_crash_branch_carries_on_with_the_others`.
//! - A bad network never gives a wrong answer: `a_bad_network_never_gives_a_wrong_answer`; hostile bytes are errors:
//!   `hostile_bytes_are_errors`. Frames of version 1 never change: `the_bytes_of_version_1_never_change`.
//! - What a watched role does passes only if its machine allows it: `a_tool_that_does_something_else_is_stopped_and_told`.
//!
//! # Cost
//! A state is one pointer (`a_state_is_one_pointer`); a session allocates once, a step never, but for what its channel and
//! payload do. Beside tokio's mpsc channels used by hand: see the README.
//!
//! # Limits
//! Types say what is sent next, not that it is sent: an endpoint that is dropped cancels its session. Time limits bind who
//! receives, by its own clock. While one party is waited for, 64 messages of each other are kept and then no more are read.
//! Endpoints travel within a process. A label carries the same types wherever it stands in a protocol. A role takes part.
//!
//! # Sources
//! Honda, Yoshida and Carbone, *Multiparty Asynchronous Session Types* (2008); Mostrous and Vasconcelos, *Affine Sessions*
//! (2014), for cancellation; Barwell, Scalas, Yoshida and Zhou, *Generalised Multiparty Session Types with Crash-Stop
//! Failures* (2022); SplitMix64: Steele, Lea and Flood (2014).
//!
//! # Features
//! `tokio`: its mpsc channels, framed streams and clock. `tls`: TLS around framed streams, by rustls with ring.

#![forbid(unsafe_code)]

pub mod blocking;
mod channel;
mod clock;
mod error;
mod link;
pub mod memory;
pub mod monitor;
pub mod simulated;
#[cfg(feature = "tokio")]
pub mod tokio;
pub mod wire;

pub use channel::{BoxChannel, Channel, Labelled, Leaving};
pub use clock::{Clock, ManualClock};
pub use error::{Error, Fault};
pub use link::{Heard, Link, Role, STASH_MESSAGES_MAX};

/// Makes a module of each protocol that stands in the braces, in the grammar of [`voidstate_protocol`].
///
/// Before a protocol may stand a visibility, attributes for its enum of messages such as `#[derive(Debug)]`, and `#[wire]`:
/// then its messages can become bytes, and what they carry must be `serde`'s. A single string instead is a file, as for
/// [`protocol_file!`]. Types are looked up where the macro stands; it stands in a module, not in a function.
///
/// The module has `connect()`, which gives every role its endpoint in memory, `connect_by(…)` for other channels, the enum
/// `Message`, and per role a module with its states, `start(Peers { … })` and `machine()` for a monitor.
///
/// # Errors while compiling
/// At the place in the protocol: a text that cannot be read, a role that cannot know a choice (it is named, with the messages
/// that clash), a role without a part, a label with two payloads, an endpoint that would cross a wire.
pub use voidstate_session_macros::protocol;
/// Makes a module of each protocol of a file, whose path starts at the folder of `Cargo.toml`: [`protocol!`] for a text that
/// tools read too. Attributes and visibility before the path are for all its protocols.
pub use voidstate_session_macros::protocol_file;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
