//! An interpreter that ends programs which perform too much.

use std::ops::ControlFlow;

use crate::asynchronous::AsyncInterp;
use crate::error::Error;
use crate::interp::{Flow, Interp};
use crate::row::{RowEffects, name_of};

/// Performs through `H`, and aborts what performs more often than it may.
#[derive(Debug, Clone)]
pub struct Limit<H> {
    inner: H,
    all: Count,
    each: Vec<(&'static str, Count)>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    used: u64,
    limit: u64,
}

impl Count {
    fn take(&mut self, effect: &'static str) -> Result<(), Error> {
        if self.used >= self.limit {
            let limit = self.limit;
            return Err(Error::Limit { effect, limit });
        }
        self.used += 1;
        Ok(())
    }
}

impl<H> Limit<H> {
    /// At most `operations` operations of any effects.
    #[must_use]
    pub fn new(inner: H, operations: u64) -> Self {
        let all = Count {
            used: 0,
            limit: operations,
        };
        Self {
            inner,
            all,
            each: Vec::new(),
        }
    }

    /// At most `operations` of the effect named `effect`, too. The smallest limit of an effect counts.
    ///
    /// # Errors
    /// [`Error::NotInRow`] when the row `R` has no such effect.
    pub fn each<R: RowEffects>(
        mut self,
        effect: &'static str,
        operations: u64,
    ) -> Result<Self, Error> {
        if !R::NAMES.contains(&effect) {
            let row = R::NAMES.join(" ").into();
            return Err(Error::NotInRow { effect, row });
        }
        let known = self.each.iter_mut().find(|(name, _)| *name == effect);
        match known {
            Some((_, count)) => count.limit = count.limit.min(operations),
            None => self.each.push((
                effect,
                Count {
                    used: 0,
                    limit: operations,
                },
            )),
        }
        Ok(self)
    }

    /// How many operations were performed.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.all.used
    }

    fn admit(&mut self, effect: &'static str) -> Result<(), Error> {
        let own = self.each.iter_mut().find(|(name, _)| *name == effect);
        own.map_or(Ok(()), |(_, count)| count.take(effect))?;
        self.all.take("any effect")
    }
}

impl<R: RowEffects, H: Interp<R>> Interp<R> for Limit<H> {
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        match self.admit(name_of::<R>(&op)) {
            Ok(()) => self.inner.step(op),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl<R: RowEffects, H: AsyncInterp<R>> AsyncInterp<R> for Limit<H> {
    async fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        match self.admit(name_of::<R>(&op)) {
            Ok(()) => self.inner.step(op).await,
            Err(error) => ControlFlow::Break(error),
        }
    }
}
