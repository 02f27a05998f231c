//! Two representations of the same thing.

use std::fmt;
use std::sync::Arc;

type Function<A, B> = Arc<dyn Fn(A) -> B + Send + Sync>;

/// A function and its inverse.
///
/// # Laws
/// `from(to(a)) == a` and `to(from(b)) == b`. They cannot be seen in the type: `new` claims them, and a test of the two
/// directions (`voidstate-properties` has one) is what the claim rests on.
pub struct Iso<A, B> {
    to: Function<A, B>,
    from: Function<B, A>,
}

impl<A: 'static, B: 'static> Iso<A, B> {
    /// The claim that `to` and `from` undo each other.
    pub fn new(
        to: impl Fn(A) -> B + Send + Sync + 'static,
        from: impl Fn(B) -> A + Send + Sync + 'static,
    ) -> Self {
        Self {
            to: Arc::new(to),
            from: Arc::new(from),
        }
    }

    /// There.
    #[must_use]
    pub fn to(&self, a: A) -> B {
        (self.to)(a)
    }

    /// And back.
    #[must_use]
    pub fn from(&self, b: B) -> A {
        (self.from)(b)
    }

    /// The other way round.
    #[must_use]
    pub fn inverse(&self) -> Iso<B, A> {
        Iso {
            to: Arc::clone(&self.from),
            from: Arc::clone(&self.to),
        }
    }

    /// This one and then `next`.
    #[must_use]
    pub fn then<C: 'static>(&self, next: &Iso<B, C>) -> Iso<A, C> {
        let (first, second) = (Arc::clone(&self.to), Arc::clone(&next.to));
        let (back, home) = (Arc::clone(&next.from), Arc::clone(&self.from));
        Iso::new(move |a| second(first(a)), move |c| home(back(c)))
    }
}

impl<A: 'static> Iso<A, A> {
    /// Everything is itself.
    #[must_use]
    pub fn refl() -> Self {
        Self::new(|a| a, |a| a)
    }
}

impl<A, B> Clone for Iso<A, B> {
    fn clone(&self) -> Self {
        Self {
            to: Arc::clone(&self.to),
            from: Arc::clone(&self.from),
        }
    }
}

impl<A, B> fmt::Debug for Iso<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iso").finish_non_exhaustive()
    }
}
