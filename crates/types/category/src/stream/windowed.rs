//! Machines that look back a number of samples.

use std::fmt;

use super::{Machine, Saved};
use crate::Error;

/// A function of the last samples; see [`windowed`].
#[derive(Clone)]
pub struct Windowed<A, F> {
    width: usize,
    /// Oldest first; up to twice the width, so that room at the front is made seldom.
    samples: Vec<A>,
    f: F,
}

/// The machine that answers `f` of the last `width` samples, oldest first, the newest being the input.
///
/// Until `width` samples have come, `f` sees those there are; it never sees none. It answers what
/// [`Window::extend`](crate::Window) of the whole history answers at its end, in O(1) amortised besides `f`, and keeps up
/// to 2 · `width` samples, as many as have come at most. For a fold by a semigroup see [`slide`](super::slide).
///
/// ```
/// use voidstate_category::stream::{Machine, windowed};
///
/// let mut highest = windowed(2, |last: &[u32]| last.iter().copied().max())?;
/// assert_eq!(highest.run([3, 1, 2]), [Some(3), Some(3), Some(2)]);
/// # Ok::<(), voidstate_category::Error>(())
/// ```
///
/// # Errors
/// [`Error::Width`] for a width of 0.
pub fn windowed<A, B, F: Fn(&[A]) -> B>(width: usize, f: F) -> Result<Windowed<A, F>, Error> {
    if width == 0 {
        return Err(Error::Width);
    }
    Ok(Windowed {
        width,
        samples: Vec::new(),
        f,
    })
}

impl<A, F> Windowed<A, F> {
    fn last(&self) -> &[A] {
        let start = self.samples.len().saturating_sub(self.width);
        self.samples.get(start..).unwrap_or_default()
    }
}

impl<A, B, F: Fn(&[A]) -> B> Machine<A> for Windowed<A, F> {
    type Out = B;

    #[inline]
    fn step(&mut self, input: A) -> B {
        if self.samples.len() >= self.width.saturating_mul(2) {
            let old = self.samples.len().saturating_sub(self.width - 1);
            self.samples.drain(..old);
        }
        self.samples.push(input);
        (self.f)(self.last())
    }
}

impl<A: Clone, F> Saved for Windowed<A, F> {
    type State = Vec<A>;

    /// The last `width` samples, oldest first.
    fn save(&self) -> Vec<A> {
        self.last().to_vec()
    }

    fn accepts(&self, state: &Vec<A>) -> Result<(), Error> {
        at_most("a window", state.len(), self.width)
    }

    fn load(&mut self, state: Vec<A>) {
        self.samples = state;
    }
}

impl<A: fmt::Debug, F> fmt::Debug for Windowed<A, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Windowed")
            .field("width", &self.width)
            .field("last", &self.last())
            .finish()
    }
}

/// A function of samples in packets; see [`chunked`].
#[derive(Clone)]
pub struct Chunked<A, F> {
    width: usize,
    samples: Vec<A>,
    f: F,
}

/// The machine that answers `f` of each `width` samples to the last of them, and `None` to the others (tumbling windows).
///
/// # Errors
/// [`Error::Width`] for a width of 0.
pub fn chunked<A, B, F: Fn(&[A]) -> B>(width: usize, f: F) -> Result<Chunked<A, F>, Error> {
    if width == 0 {
        return Err(Error::Width);
    }
    Ok(Chunked {
        width,
        samples: Vec::new(),
        f,
    })
}

impl<A, B, F: Fn(&[A]) -> B> Machine<A> for Chunked<A, F> {
    type Out = Option<B>;

    #[inline]
    fn step(&mut self, input: A) -> Option<B> {
        self.samples.push(input);
        if self.samples.len() < self.width {
            return None;
        }
        let out = (self.f)(&self.samples);
        self.samples.clear();
        Some(out)
    }
}

impl<A: Clone, F> Saved for Chunked<A, F> {
    type State = Vec<A>;

    /// The samples of the packet that is not yet full.
    fn save(&self) -> Vec<A> {
        self.samples.clone()
    }

    fn accepts(&self, state: &Vec<A>) -> Result<(), Error> {
        at_most("a packet", state.len(), self.width - 1)
    }

    fn load(&mut self, mut state: Vec<A>) {
        state.truncate(self.width - 1);
        self.samples = state;
    }
}

impl<A: fmt::Debug, F> fmt::Debug for Chunked<A, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunked")
            .field("width", &self.width)
            .field("samples", &self.samples)
            .finish()
    }
}

pub(super) fn at_most(machine: &'static str, found: usize, limit: usize) -> Result<(), Error> {
    if found > limit {
        return Err(Error::Restore {
            machine,
            found,
            limit,
        });
    }
    Ok(())
}
