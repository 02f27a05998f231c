//! Folds over a sliding window in constant time.

use super::windowed::at_most;
use super::{Machine, Saved};
use crate::{Error, Semigroup};

/// A sliding fold; see [`slide`].
#[derive(Debug, Clone)]
pub struct Slide<M> {
    width: usize,
    /// For each older value, newest first, the product of it and those after it up to the newest here.
    front: Vec<M>,
    /// Newer values, oldest first.
    back: Vec<M>,
    /// Product of `back`.
    product: Option<M>,
}

/// The machine that answers the product of the last `width` values, oldest first.
///
/// Two stacks (Tangwongsan, Hirzel, Schneider, Low-latency sliding-window aggregation in worst-case constant time, 2017,
/// section 2): at most 3 combinations a step, amortised, whatever the width; nothing is ever taken back, so no inverse is
/// asked for. Keeps `width` values.
///
/// ```
/// use voidstate_category::{Max, stream::{Machine, slide}};
///
/// let mut highest = slide(2)?.rmap(|Max(x)| x).lmap(Max::<u32>);
/// assert_eq!(highest.run([3, 1, 2]), [3, 3, 2]);
/// # Ok::<(), voidstate_category::Error>(())
/// ```
///
/// # Errors
/// [`Error::Width`] for a width of 0.
pub const fn slide<M: Semigroup + Clone>(width: usize) -> Result<Slide<M>, Error> {
    if width == 0 {
        return Err(Error::Width);
    }
    Ok(Slide {
        width,
        front: Vec::new(),
        back: Vec::new(),
        product: None,
    })
}

impl<M: Semigroup + Clone> Slide<M> {
    /// Takes the oldest value away.
    fn forget(&mut self) {
        if self.front.is_empty() {
            self.product = None;
            for value in self.back.drain(..).rev() {
                let product = match self.front.last() {
                    Some(newer) => value.combine(newer.clone()),
                    None => value,
                };
                self.front.push(product);
            }
        }
        self.front.pop();
    }
}

impl<M: Semigroup + Clone> Machine<M> for Slide<M> {
    type Out = M;

    #[inline]
    fn step(&mut self, input: M) -> M {
        if self.front.len() + self.back.len() >= self.width {
            self.forget();
        }
        self.back.push(input.clone());
        let product = match self.product.take() {
            Some(product) => product.combine(input),
            None => input,
        };
        self.product = Some(product.clone());
        match self.front.last() {
            Some(older) => older.clone().combine(product),
            None => product,
        }
    }
}

impl<M: Semigroup + Clone> Saved for Slide<M> {
    /// Products of the older values, newest first, and the newer values, oldest first.
    type State = (Vec<M>, Vec<M>);

    fn save(&self) -> Self::State {
        (self.front.clone(), self.back.clone())
    }

    fn accepts(&self, (front, back): &Self::State) -> Result<(), Error> {
        let found = front.len().saturating_add(back.len());
        at_most("a sliding fold", found, self.width)
    }

    fn load(&mut self, (front, mut back): Self::State) {
        back.truncate(self.width);
        self.front = front;
        self.front.truncate(self.width - back.len());
        self.product = back.iter().cloned().reduce(M::combine);
        self.back = back;
    }
}
