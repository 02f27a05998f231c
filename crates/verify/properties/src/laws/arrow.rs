//! Laws of processes with several wires.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::strategy::Strategy;

use super::{Binding, Fun, Paired, Report, Settings, Suite, agree, functions, several, softened};
use crate::Error;

/// A pure function on a wire.
pub type Wiring<W> = Arc<dyn Fn(&W) -> W + Send + Sync>;

/// Most values sent through an arrow in one case.
const INPUTS_MAX: usize = 5;

/// Processes that can be made of functions, put in a row and put beside a wire.
///
/// All wires have one [`Paired`] type, [`Term`](super::Term) for a start. Arrows are told apart by what they answer to
/// a sequence of inputs, so that machines with memory count.
pub trait Arrow {
    /// A process.
    type Arrow: Clone + Debug;
    /// What runs on its wires.
    type Wire: Paired + Hash + Send + Sync + 'static;

    /// The process that applies `f` to each input.
    fn arr(&self, f: Wiring<Self::Wire>) -> Self::Arrow;
    /// `f`, then `g`.
    fn compose(&self, f: &Self::Arrow, g: &Self::Arrow) -> Self::Arrow;
    /// `f` on the left half of a pair; the right half passes.
    fn first(&self, f: &Self::Arrow) -> Self::Arrow;
    /// What `f`, from its start, answers to each input.
    fn run(&self, f: &Self::Arrow, inputs: &[Self::Wire]) -> Vec<Self::Wire>;
    /// Whether two answers count as equal.
    fn same(&self, a: &Self::Wire, b: &Self::Wire) -> bool;

    /// `f` on the right half of a pair.
    fn second(&self, f: &Self::Arrow) -> Self::Arrow {
        let swap = self.arr(Arc::new(swap));
        self.compose(&self.compose(&swap, &self.first(f)), &swap)
    }
    /// `f` on the left half and `g` on the right.
    fn parallel(&self, f: &Self::Arrow, g: &Self::Arrow) -> Self::Arrow {
        self.compose(&self.first(f), &self.second(g))
    }
    /// `f` and `g` on the same input.
    fn fanout(&self, f: &Self::Arrow, g: &Self::Arrow) -> Self::Arrow {
        self.compose(&self.arr(Arc::new(double)), &self.parallel(f, g))
    }
}

/// Category laws, functions as processes, `first`, and what follows for `second`, `parallel` and `fanout`.
///
/// Source: Hughes, Generalising monads to arrows (2000); Paterson, A new notation for arrows (2001).
///
/// # Errors
/// See [`Suite::law`].
pub fn arrow<I: Arrow>(
    settings: &Settings,
    instance: &I,
    arrows: &impl Strategy<Value = I::Arrow>,
    wires: &impl Strategy<Value = I::Wire>,
) -> Result<Report, Error> {
    let suite = Suite::new("arrow", settings)?;
    let mut laws = Laws {
        suite,
        i: instance,
        arrows,
        wires,
    };
    laws.category()?;
    laws.functions()?;
    laws.first()?;
    laws.products()?;
    Ok(laws.suite.done())
}

struct Laws<'s, I, S, W> {
    suite: Suite<'s>,
    i: &'s I,
    arrows: &'s S,
    wires: &'s W,
}

/// How three wires are bundled for a law, and which of the case's parts it speaks of.
#[derive(Clone, Copy)]
struct Uses {
    arrows: usize,
    functions: usize,
    wires: usize,
}

/// What the two sides of a law answer.
type Answers<I> = (Vec<<I as Arrow>::Wire>, Vec<<I as Arrow>::Wire>);

impl<I, S, W> Laws<'_, I, S, W>
where
    I: Arrow,
    S: Strategy<Value = I::Arrow>,
    W: Strategy<Value = I::Wire>,
{
    fn category(&mut self) -> Result<(), Error> {
        let i = self.i;
        self.law(
            "left identity",
            "arr(id) ; f = f",
            uses(1, 0, 1),
            |[f, ..], _| (i.compose(&id(i), f), f.clone()),
        )?;
        self.law(
            "right identity",
            "f ; arr(id) = f",
            uses(1, 0, 1),
            |[f, ..], _| (i.compose(f, &id(i)), f.clone()),
        )?;
        self.law(
            "associativity",
            "(f ; g) ; h = f ; (g ; h)",
            uses(3, 0, 1),
            |[f, g, h], _| {
                (
                    i.compose(&i.compose(f, g), h),
                    i.compose(f, &i.compose(g, h)),
                )
            },
        )
    }

    fn functions(&mut self) -> Result<(), Error> {
        let i = self.i;
        self.outputs(
            "identity function",
            "arr(id) answers its inputs",
            uses(0, 0, 1),
            |_, _, inputs| (i.run(&id(i), inputs), inputs.to_vec()),
        )?;
        self.law(
            "functions compose",
            "arr(p) ; arr(q) = arr(a ↦ q(p(a)))",
            uses(0, 2, 1),
            |_, [p, q]| {
                let (p2, q2) = (p.clone(), q.clone());
                let both = i.arr(Arc::new(move |a| q2(&p2(a))));
                (i.compose(&i.arr(p.clone()), &i.arr(q.clone())), both)
            },
        )
    }

    fn first(&mut self) -> Result<(), Error> {
        let i = self.i;
        self.law(
            "first of a function",
            "first(arr(p)) = arr(p × id)",
            uses(0, 1, 2),
            |_, [p, _]| {
                let q = p.clone();
                let beside = i.arr(Arc::new(move |w: &I::Wire| q(&w.left()).pair(&w.right())));
                (i.first(&i.arr(p.clone())), beside)
            },
        )?;
        self.law(
            "first composes",
            "first(f ; g) = first(f) ; first(g)",
            uses(2, 0, 2),
            |[f, g, _], _| {
                (
                    i.first(&i.compose(f, g)),
                    i.compose(&i.first(f), &i.first(g)),
                )
            },
        )?;
        self.law(
            "exchange",
            "first(f) ; arr(id × p) = arr(id × p) ; first(f)",
            uses(1, 1, 2),
            |[f, ..], [p, _]| {
                let p = p.clone();
                let beside = i.arr(Arc::new(move |w: &I::Wire| w.left().pair(&p(&w.right()))));
                let f = i.first(f);
                (i.compose(&f, &beside), i.compose(&beside, &f))
            },
        )?;
        self.law(
            "unit",
            "first(f) ; arr(left) = arr(left) ; f",
            uses(1, 0, 2),
            |[f, ..], _| {
                let left = i.arr(Arc::new(I::Wire::left));
                (i.compose(&i.first(f), &left), i.compose(&left, f))
            },
        )?;
        self.law(
            "association",
            "first(first(f)) ; arr(assoc) = arr(assoc) ; first(f)",
            uses(1, 0, 3),
            |[f, ..], _| {
                let assoc = i.arr(Arc::new(assoc));
                let once = i.first(f);
                (i.compose(&i.first(&once), &assoc), i.compose(&assoc, &once))
            },
        )
    }

    fn products(&mut self) -> Result<(), Error> {
        let i = self.i;
        self.law(
            "second",
            "second(f) = arr(swap) ; first(f) ; arr(swap)",
            uses(1, 0, 2),
            |[f, ..], _| {
                let swap = i.arr(Arc::new(swap));
                (
                    i.second(f),
                    i.compose(&i.compose(&swap, &i.first(f)), &swap),
                )
            },
        )?;
        self.law(
            "parallel",
            "f *** g = first(f) ; second(g)",
            uses(2, 0, 2),
            |[f, g, _], _| (i.parallel(f, g), i.compose(&i.first(f), &i.second(g))),
        )?;
        self.law(
            "fanout",
            "f &&& g = arr(double) ; (f *** g)",
            uses(2, 0, 1),
            |[f, g, _], _| {
                let double = i.arr(Arc::new(double));
                (i.fanout(f, g), i.compose(&double, &i.parallel(f, g)))
            },
        )
    }

    /// Two arrows answer the same.
    fn law(
        &mut self,
        law: &'static str,
        statement: &'static str,
        uses: Uses,
        sides: impl Fn(&[I::Arrow; 3], &[Wiring<I::Wire>; 2]) -> (I::Arrow, I::Arrow),
    ) -> Result<(), Error> {
        let i = self.i;
        self.outputs(law, statement, uses, |arrows, wirings, inputs| {
            let (left, right) = sides(arrows, wirings);
            (i.run(&left, inputs), i.run(&right, inputs))
        })
    }

    /// Two sequences of answers are the same.
    fn outputs(
        &mut self,
        law: &'static str,
        statement: &'static str,
        uses: Uses,
        sides: impl Fn(&[I::Arrow; 3], &[Wiring<I::Wire>; 2], &[I::Wire]) -> Answers<I>,
    ) -> Result<(), Error> {
        let i = self.i;
        let functions = (functions(self.wires), functions(self.wires));
        let inputs = vec(several(self.wires), 0..INPUTS_MAX);
        let cases = (several(self.arrows), functions, softened(inputs));
        let bundled = |inputs: &[[I::Wire; 3]]| -> Vec<I::Wire> {
            inputs.iter().map(|w| bundle(w, uses.wires)).collect()
        };
        let same = |a: &Vec<I::Wire>, b: &Vec<I::Wire>| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| i.same(a, b))
        };
        self.suite.law(
            law,
            statement,
            &cases,
            |(arrows, (p, q), inputs)| {
                let arrows = ["f", "g", "h"].into_iter().zip(arrows).take(uses.arrows);
                let functions = [("p", p), ("q", q)].into_iter().take(uses.functions);
                let arrows = arrows.map(|(n, f)| Binding::new(n, f));
                let functions = functions.map(|(n, p)| Binding::function(n, p));
                let inputs = Binding::new("inputs", &bundled(inputs));
                arrows.chain(functions).chain([inputs]).collect()
            },
            |(arrows, (p, q), inputs)| {
                let wirings = [wiring(p), wiring(q)];
                let (left, right) = sides(arrows, &wirings, &bundled(inputs));
                agree(same, &left, &right)
            },
        )
    }
}

fn uses(arrows: usize, functions: usize, wires: usize) -> Uses {
    Uses {
        arrows,
        functions,
        wires,
    }
}

/// One wire, a pair, or a pair within a pair on the left.
fn bundle<W: Paired>([a, b, c]: &[W; 3], wires: usize) -> W {
    match wires {
        1 => a.clone(),
        2 => a.pair(b),
        _ => a.pair(b).pair(c),
    }
}

fn wiring<W: Hash + Debug + Clone + Send + Sync + 'static>(f: &Fun<W, W>) -> Wiring<W> {
    let f = f.clone();
    Arc::new(move |a| f.call(a))
}

fn id<I: Arrow>(i: &I) -> I::Arrow {
    i.arr(Arc::new(I::Wire::clone))
}

fn swap<W: Paired>(w: &W) -> W {
    let (a, b) = w.split();
    b.pair(&a)
}

fn double<W: Paired>(w: &W) -> W {
    w.pair(w)
}

/// `((a, b), c)` becomes `(a, (b, c))`.
fn assoc<W: Paired>(w: &W) -> W {
    let (ab, c) = w.split();
    let (a, b) = ab.split();
    a.pair(&b.pair(&c))
}
