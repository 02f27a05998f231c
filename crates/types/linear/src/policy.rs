//! What happens to a linear value that is dropped before it was used.

use std::marker::PhantomData;
use std::panic::Location;

use crate::Entry;

mod sealed {
    use std::panic::Location;

    /// What a policy keeps beside the value and does when the value is dropped unused.
    pub trait Rule {
        /// Kept beside the value; dropped with it when it goes unused.
        type Mark;
        /// Whether dropping is refused when the program is built.
        const FORBIDS_DROP: bool = false;
        /// The value was dropped unused, and so was the mark.
        fn broken(name: &'static str);
    }

    /// How the mark of a value begins that is not bound to a scope.
    pub trait Begin: Rule {
        fn begin(name: &'static str, at: &'static Location<'static>) -> Self::Mark;
        /// The value was used.
        fn close(mark: Self::Mark);
    }
}

pub(crate) use sealed::{Begin, Rule};

/// What is done about a [`Linear`](crate::Linear) value that is dropped before it was used.
///
/// Sealed: [`Affine`], [`Warn`], [`Bomb`], [`Static`] and [`Scope`] are all there are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no policy of a linear value",
    note = "the policies are `Affine`, `Warn`, `Bomb`, `Static` and `Scope`"
)]
pub trait Policy: Rule {}

/// A policy whose values live without a scope: every one but [`Scope`].
///
/// Sealed.
#[diagnostic::on_unimplemented(
    message = "a value of the policy `{Self}` lives in a scope only",
    note = "`Linear::with` makes it, `finish` ends it; without a scope take `Affine`, `Warn`, `Bomb` or `Static`"
)]
pub trait Unscoped: Policy + Begin {}

/// Nothing happens: Rust's own rule, at most one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affine {}

/// A value dropped unused is entered in a [`Ledger`](crate::Ledger); so is one that is still open or was forgotten.
///
/// Costs a pointer and a row number beside the value, and in its life a look-up and two short locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warn {}

/// Dropping it unused panics, but never while the thread unwinds already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bomb {}

/// A program in which it can be dropped unused does not build.
///
/// The error comes when code is generated: `cargo build` and `cargo test` show it, `cargo check` does not. Where panics
/// unwind, any call that takes something else while a local variable holds the value counts as a place where it can be
/// dropped; hand it *through* calls then ([`map`](crate::Linear::map), [`apply`](crate::Linear::apply)), and take tuples that
/// hold it apart by `match` or by field, for `let (result, token) = …` counts as such a place too. Inlining does not matter.
///
/// What is left of a half matched `Result` is dropped whole as far as types tell, whether panics unwind or abort: where the
/// error has a destructor, `Err(_)`, `if let Ok(token)`, `let Ok(token) = … else` and [`Result::ok`] are refused, and `?` where
/// panics unwind. Name both sides in a `match` (`Ok(token)`, `Err(error)`), or use [`Result::map`] and [`Result::unwrap`]. An
/// `Option`, or an error without destructor, may be matched in any way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Static {}

/// Lives inside one call of [`Linear::with`](crate::Linear::with), which asks for a proof that it was used.
///
/// `'id` is the brand of that call; no other value has it.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'id>(Brand<'id>);

/// Invariant in `'id`, free to cross threads.
pub(crate) type Brand<'id> = PhantomData<fn(&'id ()) -> &'id ()>;

impl Policy for Affine {}
impl Policy for Warn {}
impl Policy for Bomb {}
impl Policy for Static {}
impl Policy for Scope<'_> {}
impl Unscoped for Affine {}
impl Unscoped for Warn {}
impl Unscoped for Bomb {}
impl Unscoped for Static {}

impl Rule for Affine {
    type Mark = ();
    fn broken(_: &'static str) {}
}

impl Rule for Warn {
    type Mark = Entry;
    /// The entry was dropped, and that is what it records.
    fn broken(_: &'static str) {}
}

impl Rule for Bomb {
    type Mark = ();
    #[expect(clippy::panic, reason = "to panic is what this policy promises")]
    fn broken(name: &'static str) {
        if !std::thread::panicking() {
            panic!("a linear value was dropped before it was used: {name}");
        }
    }
}

impl Rule for Static {
    type Mark = ();
    const FORBIDS_DROP: bool = true;
    fn broken(_: &'static str) {}
}

impl Rule for Scope<'_> {
    type Mark = ();
    /// The types leave nothing but unwinding.
    fn broken(_: &'static str) {}
}

macro_rules! begins_with_nothing {
    ($($policy:ty),+) => {$(
        impl Begin for $policy {
            fn begin(_: &'static str, _: &'static Location<'static>) {}
            fn close((): ()) {}
        }
    )+};
}
begins_with_nothing!(Affine, Bomb, Static);

impl Begin for Warn {
    fn begin(name: &'static str, at: &'static Location<'static>) -> Entry {
        crate::Ledger::process().enter_at(name, name.into(), at)
    }
    fn close(mark: Entry) {
        mark.close();
    }
}
