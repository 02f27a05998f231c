//! Memory and time as types: a plan that costs more than its budget does not build.

use std::marker::PhantomData;

use crate::Error;

/// What something costs, as declared by whoever wrote it. Declarations are promises, not measurements: see
/// [`Plan::measure`].
pub trait Cost {
    /// Bytes of memory that it holds at most.
    const RAM_BYTES: u64;
    /// Nanoseconds that one call takes at most.
    const LATENCY_NS: u64;

    /// This and then `next`: both hold their memory, one call goes through both.
    ///
    /// A sum above 2⁶⁴ − 1 does not build.
    fn then<B: Cost>(self, next: B) -> Then<Self, B>
    where
        Self: Sized,
    {
        Then(self, next)
    }
}

/// A call that can be made. `Then` of two steps gives the output of the first to the second.
pub trait Step<I>: Cost {
    /// What comes out.
    type Out;
    /// Makes the call.
    fn step(&mut self, input: I) -> Self::Out;
}

/// `A` and then `B`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Then<A, B>(A, B);

const fn sum(a: u64, b: u64) -> u64 {
    match a.checked_add(b) {
        Some(sum) => sum,
        None => panic!("the costs of the plan do not fit into 64 bits"),
    }
}

impl<A: Cost, B: Cost> Cost for Then<A, B> {
    const RAM_BYTES: u64 = sum(A::RAM_BYTES, B::RAM_BYTES);
    const LATENCY_NS: u64 = sum(A::LATENCY_NS, B::LATENCY_NS);
}

impl<I, A: Step<I>, B: Step<A::Out>> Step<I> for Then<A, B> {
    type Out = B::Out;

    fn step(&mut self, input: I) -> B::Out {
        self.1.step(self.0.step(input))
    }
}

/// A function with a declared cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared<F, const RAM_BYTES: u64, const LATENCY_NS: u64>(pub F);

impl<F, const RAM: u64, const NS: u64> Cost for Declared<F, RAM, NS> {
    const RAM_BYTES: u64 = RAM;
    const LATENCY_NS: u64 = NS;
}

impl<I, O, F: FnMut(I) -> O, const RAM: u64, const NS: u64> Step<I> for Declared<F, RAM, NS> {
    type Out = O;

    fn step(&mut self, input: I) -> O {
        (self.0)(input)
    }
}

/// What may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget<const RAM_BYTES: u64, const LATENCY_NS: u64>;

/// The limits of a [`Budget`].
pub trait Limit {
    /// Bytes of memory.
    const RAM_BYTES: u64;
    /// Nanoseconds for one call.
    const LATENCY_NS: u64;
}

impl<const RAM: u64, const NS: u64> Limit for Budget<RAM, NS> {
    const RAM_BYTES: u64 = RAM;
    const LATENCY_NS: u64 = NS;
}

/// Something that was shown to cost no more than `B` allows.
///
/// ```
/// use voidstate_dependent::{Budget, Cost, Declared, Plan};
///
/// let mean = Declared::<_, 64, 200>(|x: [f64; 2]| (x[0] + x[1]) / 2.0);
/// let alarm = Declared::<_, 16, 50>(|x: f64| x > 3.0);
/// let mut plan = Plan::<_, Budget<100, 250>>::new(mean.then(alarm));
/// assert!(plan.run([3.0, 4.0]));
/// assert_eq!((plan.cost().ram_bytes, plan.cost().latency_ns), (80, 250));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan<T, B> {
    steps: T,
    budget: PhantomData<B>,
}

impl<T: Cost, B: Limit> Plan<T, B> {
    /// A plan within its budget. One that costs more does not build (`cargo build`, not `cargo check`).
    #[must_use]
    pub const fn new(steps: T) -> Self {
        const {
            assert!(
                T::RAM_BYTES <= B::RAM_BYTES,
                "the plan holds more bytes than its budget allows"
            );
            assert!(
                T::LATENCY_NS <= B::LATENCY_NS,
                "the plan takes more nanoseconds than its budget allows"
            );
        }
        Self {
            steps,
            budget: PhantomData,
        }
    }

    /// What it declares.
    #[must_use]
    pub const fn cost(&self) -> Spent {
        Spent::of::<T>()
    }

    /// Makes one call.
    pub fn run<I>(&mut self, input: I) -> T::Out
    where
        T: Step<I>,
    {
        self.steps.step(input)
    }

    /// Makes one call and holds what it used against what was declared.
    ///
    /// The result of the call comes back in both cases.
    pub fn measure<I>(
        &mut self,
        meter: &mut impl Meter,
        input: I,
    ) -> (T::Out, Spent, Result<(), Error>)
    where
        T: Step<I>,
    {
        meter.start();
        let out = self.run(input);
        let used = meter.stop();
        (out, used, used.within(self.cost()))
    }

    /// The steps.
    #[must_use]
    pub fn into_steps(self) -> T {
        self.steps
    }
}

/// Measures one call: an allocator that counts and a clock in production, numbers in a test. Given by the caller, since this
/// crate knows neither.
pub trait Meter {
    /// The call begins.
    fn start(&mut self);
    /// The call has ended: the most bytes it held at once above what was held before, and how long it took.
    fn stop(&mut self) -> Spent;
}

/// Costs that are known only while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// Bytes of memory.
    pub ram_bytes: u64,
    /// Nanoseconds for one call.
    pub latency_ns: u64,
}

impl Spent {
    /// The declared costs of a type.
    #[must_use]
    pub const fn of<T: Cost>() -> Self {
        Self {
            ram_bytes: T::RAM_BYTES,
            latency_ns: T::LATENCY_NS,
        }
    }

    /// The limits of a budget.
    #[must_use]
    pub const fn limit<B: Limit>() -> Self {
        Self {
            ram_bytes: B::RAM_BYTES,
            latency_ns: B::LATENCY_NS,
        }
    }

    /// This and then `next`, as for [`Cost::then`].
    ///
    /// # Errors
    /// [`Error::Overflow`] when a sum does not fit.
    pub fn then(self, next: Self) -> Result<Self, Error> {
        let add = |a: u64, b, what| a.checked_add(b).ok_or(Error::Overflow { what });
        Ok(Self {
            ram_bytes: add(self.ram_bytes, next.ram_bytes, "bytes")?,
            latency_ns: add(self.latency_ns, next.latency_ns, "nanoseconds")?,
        })
    }

    /// Whether no more is spent than `limit`.
    ///
    /// # Errors
    /// [`Error::OverBudget`], bytes first.
    pub fn within(self, limit: Self) -> Result<(), Error> {
        let hold = |what, spent, limit| match spent <= limit {
            true => Ok(()),
            false => Err(Error::OverBudget { what, limit, spent }),
        };
        hold("bytes", self.ram_bytes, limit.ram_bytes)?;
        hold("nanoseconds", self.latency_ns, limit.latency_ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake(Spent);
    impl Meter for Fake {
        fn start(&mut self) {}
        fn stop(&mut self) -> Spent {
            self.0
        }
    }

    #[test]
    fn costs_add_up_in_types_and_in_values() {
        type A = Declared<fn(), 3, 5>;
        type B = Declared<fn(), 4, 6>;
        let sum = Spent::of::<Then<A, Then<B, A>>>();
        let values = Spent::of::<A>().then(Spent::of::<B>());
        assert_eq!(values.and_then(|s| s.then(Spent::of::<A>())), Ok(sum));
        let most = Spent {
            ram_bytes: u64::MAX,
            latency_ns: 0,
        };
        assert_eq!(most.then(sum), Err(Error::Overflow { what: "bytes" }));
    }

    #[test]
    fn a_declaration_that_lies_is_found() {
        let mut plan = Plan::<_, Budget<10, 10>>::new(Declared::<_, 8, 10>(|x: u8| x + 1));
        let used = Spent {
            ram_bytes: 9,
            latency_ns: 1,
        };
        let (out, seen, honest) = plan.measure(&mut Fake(used), 1);
        assert_eq!((out, seen), (2, used));
        let over = Error::OverBudget {
            what: "bytes",
            limit: 8,
            spent: 9,
        };
        assert_eq!(honest, Err(over));
        let used = Spent {
            ram_bytes: 8,
            latency_ns: 11,
        };
        assert!(plan.measure(&mut Fake(used), 1).2.is_err());
        let used = Spent {
            ram_bytes: 8,
            latency_ns: 10,
        };
        assert_eq!(plan.measure(&mut Fake(used), 1).2, Ok(()));
    }
}
