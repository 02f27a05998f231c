//! Samples, one of which is in focus.

use super::{Comonad, Functor};
use crate::stream::{Machine, slide};
use crate::{Error, Semigroup};

/// At least one sample, oldest first, with a focus, at first on the newest.
///
/// [`extend`](Comonad::extend) is sliding analysis: `f` sees the window with its focus on each sample in turn and looks back
/// by [`last`](Self::last). How far it looks is `f`'s affair and not the window's: were the samples cut to a width before
/// `f` sees them, what an extension has in its focus would not be what `f` says of the window.
///
/// ```
/// use voidstate_category::functor::{Comonad, Window};
///
/// let loads = Window::new(vec![1.0, 3.0, 2.0])?;
/// let highest = loads.extend(|w| w.last(2).iter().copied().fold(f64::MIN, f64::max));
/// assert_eq!(highest.samples(), [1.0, 3.0, 3.0]);
/// assert_eq!(highest.extract(), 3.0);
/// # Ok::<(), voidstate_category::Error>(())
/// ```
///
/// The stream machine [`windowed`](crate::stream::windowed) answers the same, sample by sample.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window<A> {
    samples: Vec<A>,
    /// Less than the number of samples.
    focus: usize,
}

impl<A> Window<A> {
    /// A window over `samples`, in focus the last.
    ///
    /// # Errors
    /// [`Error::NoSample`] where there is none.
    pub fn new(samples: Vec<A>) -> Result<Self, Error> {
        let focus = samples.len().checked_sub(1).ok_or(Error::NoSample)?;
        Ok(Self { samples, focus })
    }

    /// All samples, oldest first.
    #[must_use]
    pub fn samples(&self) -> &[A] {
        &self.samples
    }

    /// All samples, oldest first.
    #[must_use]
    pub fn into_samples(self) -> Vec<A> {
        self.samples
    }

    /// Which sample is in focus, from 0 for the oldest.
    #[must_use]
    pub const fn focus(&self) -> usize {
        self.focus
    }

    /// With the focus elsewhere.
    ///
    /// # Errors
    /// [`Error::Focus`] where there is no such sample.
    pub fn focused(self, focus: usize) -> Result<Self, Error> {
        let len = self.samples.len();
        if focus >= len {
            return Err(Error::Focus { focus, len });
        }
        Ok(Self { focus, ..self })
    }

    /// The samples up to the focus, which is the last of them.
    #[must_use]
    pub fn past(&self) -> &[A] {
        self.samples.get(..=self.focus).unwrap_or_default()
    }

    /// Up to `width` samples that end in the focus.
    #[must_use]
    pub fn last(&self, width: usize) -> &[A] {
        let past = self.past();
        let start = past.len().saturating_sub(width);
        past.get(start..).unwrap_or_default()
    }

    /// As `extend(|w| f(w.last(width)))`; O(n) calls of `f`, so O(n · width) where `f` looks at all.
    ///
    /// # Errors
    /// [`Error::Width`] for a width of 0.
    pub fn extend_last<B>(self, width: usize, f: impl Fn(&[A]) -> B) -> Result<Window<B>, Error> {
        if width == 0 {
            return Err(Error::Width);
        }
        let at = |end: usize| {
            let start = end.saturating_sub(width);
            f(self.samples.get(start..end).unwrap_or_default())
        };
        Ok(Window {
            samples: (1..=self.samples.len()).map(at).collect(),
            focus: self.focus,
        })
    }
}

impl<A> Window<A> {
    /// What `machine` answers to the samples, oldest first.
    pub fn scanned<M: Machine<A>>(self, machine: &mut M) -> Window<M::Out> {
        Window {
            samples: machine.run(self.samples),
            focus: self.focus,
        }
    }
}

impl<M: Semigroup + Clone> Window<M> {
    /// As `extend(|w| reduce(w.last(width)))` in O(n) combinations whatever the width, by two stacks; see
    /// [`slide`](crate::stream::slide).
    ///
    /// # Errors
    /// [`Error::Width`] for a width of 0.
    pub fn extend_monoid(self, width: usize) -> Result<Self, Error> {
        let samples = slide(width)?.run(self.samples);
        Ok(Self {
            samples,
            focus: self.focus,
        })
    }
}

impl<'a, A> Functor<'a> for Window<A> {
    type Inner = A;
    type Of<B: 'a> = Window<B>;

    fn fmap<B: 'a>(self, f: impl Fn(A) -> B + 'a) -> Window<B> {
        Window {
            samples: self.samples.into_iter().map(f).collect(),
            focus: self.focus,
        }
    }
}

impl<'a, A: Clone> Comonad<'a> for Window<A> {
    fn extract(&self) -> A {
        // The focus is in the window from the beginning.
        self.samples[self.focus].clone()
    }

    fn extend<B: 'a>(mut self, f: impl Fn(&Self) -> B + 'a) -> Window<B> {
        let focus = self.focus;
        let mut samples = Vec::with_capacity(self.samples.len());
        for place in 0..self.samples.len() {
            self.focus = place;
            samples.push(f(&self));
        }
        Window { samples, focus }
    }
}
