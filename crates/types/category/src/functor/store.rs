//! Values at every position, one of which is in focus.

use std::fmt;
use std::rc::Rc;

use super::{Comonad, Functor};

/// A value for each position `P`, computed when it is looked at, and one position in focus.
///
/// ```
/// use voidstate_category::functor::{Comonad, Store};
///
/// let heights = Store::new(3_i32, |x| x * x);
/// let slopes = heights.extend(|s| s.peek(&(s.position() + 1)) - s.peek(&(s.position() - 1)));
/// assert_eq!((slopes.extract(), slopes.seek(0).extract()), (12, 0));
/// ```
///
/// Nothing is remembered: n extensions that each look at k neighbours cost kⁿ look-ups, see [`Window`](super::Window) for
/// what does not.
pub struct Store<'a, P, A> {
    values: Rc<dyn Fn(&P) -> A + 'a>,
    position: P,
}

impl<'a, P: 'a, A: 'a> Store<'a, P, A> {
    /// The values of `values`, in focus that at `position`.
    pub fn new(position: P, values: impl Fn(&P) -> A + 'a) -> Self {
        Self {
            values: Rc::new(values),
            position,
        }
    }

    /// Where the focus is.
    pub const fn position(&self) -> &P {
        &self.position
    }

    /// The value elsewhere.
    pub fn peek(&self, position: &P) -> A {
        (self.values)(position)
    }

    /// The focus elsewhere.
    #[must_use]
    pub fn seek(&self, position: P) -> Self {
        Self {
            values: Rc::clone(&self.values),
            position,
        }
    }
}

impl<'a, P: Clone + 'a, A: 'a> Functor<'a> for Store<'a, P, A> {
    type Inner = A;
    type Of<B: 'a> = Store<'a, P, B>;

    fn fmap<B: 'a>(self, f: impl Fn(A) -> B + 'a) -> Store<'a, P, B> {
        let values = self.values;
        Store::new(self.position, move |position| f(values(position)))
    }
}

impl<'a, P: Clone + 'a, A: 'a> Comonad<'a> for Store<'a, P, A> {
    fn extract(&self) -> A {
        self.peek(&self.position)
    }

    fn extend<B: 'a>(self, f: impl Fn(&Self) -> B + 'a) -> Store<'a, P, B> {
        let position = self.position.clone();
        Store::new(position, move |position| f(&self.seek(position.clone())))
    }
}

impl<P: Clone, A> Clone for Store<'_, P, A> {
    fn clone(&self) -> Self {
        Self {
            values: Rc::clone(&self.values),
            position: self.position.clone(),
        }
    }
}

impl<P: fmt::Debug, A> fmt::Debug for Store<'_, P, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
