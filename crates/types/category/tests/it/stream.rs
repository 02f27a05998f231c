//! Machines: the arrow laws and what the parts promise.

use proptest::prelude::*;
use voidstate_category::stream::{
    Boxed, Machine, Saved, arr, chunked, delay, filter, identity, scan, slide, windowed,
};
use voidstate_category::{Error, Semigroup};
use voidstate_properties::laws::{self, Paired, Term, Wiring, terms};

use crate::{broken, settings};

/// Machines on terms.
struct Machines;

type Wired = Boxed<Term, Term>;

fn on_pairs<M>(machine: M) -> Wired
where
    M: Machine<(Term, Term), Out = (Term, Term)> + Clone + Send + 'static,
{
    machine
        .dimap(|t: Term| t.split(), |(a, b): (Term, Term)| a.pair(&b))
        .boxed()
}

impl laws::Arrow for Machines {
    type Arrow = Wired;
    type Wire = Term;

    fn arr(&self, f: Wiring<Term>) -> Wired {
        arr(move |t: Term| f(&t)).boxed()
    }
    fn compose(&self, f: &Wired, g: &Wired) -> Wired {
        f.clone().then(g.clone()).boxed()
    }
    fn first(&self, f: &Wired) -> Wired {
        on_pairs(f.clone().first::<Term>())
    }
    fn second(&self, f: &Wired) -> Wired {
        on_pairs(f.clone().second::<Term>())
    }
    fn parallel(&self, f: &Wired, g: &Wired) -> Wired {
        on_pairs(f.clone().parallel(g.clone()))
    }
    fn fanout(&self, f: &Wired, g: &Wired) -> Wired {
        let both = f.clone().fanout(g.clone());
        both.rmap(|(a, b): (Term, Term)| a.pair(&b)).boxed()
    }
    fn run(&self, f: &Wired, inputs: &[Term]) -> Vec<Term> {
        f.clone().run(inputs.iter().cloned())
    }
    fn same(&self, a: &Term, b: &Term) -> bool {
        a == b
    }
}

/// Machines with and without memory.
fn machines() -> impl Strategy<Value = Wired> {
    let table = proptest::collection::vec(any::<u8>(), 3);
    prop_oneof![
        Just(identity().boxed()),
        terms().prop_map(|t| delay(t).boxed()),
        terms().prop_map(|t| scan(t, |last: &mut Term, now: Term| {
            let both = last.pair(&now);
            *last = now;
            both
        })
        .boxed()),
        terms().prop_map(|t| arr(move |a: Term| t.pair(&a)).boxed()),
        table.prop_map(|t| scan(0_usize, move |n: &mut usize, a: Term| {
            *n += 1;
            a.pair(&Term::Leaf(t[*n % t.len()]))
        })
        .boxed()),
        Just(
            scan(0_u8, |n: &mut u8, a: Term| {
                *n = n.wrapping_add(1);
                a.pair(&Term::Leaf(*n))
            })
            .first::<Term>()
            .lmap(|t: Term| t.split())
            .rmap(|(a, b): (Term, Term)| a.pair(&b))
            .boxed()
        ),
    ]
}

#[test]
fn machines_are_arrows() {
    let report = laws::arrow(&settings(), &Machines, &machines(), &terms()).unwrap();
    assert!(report.cases() > 1000);
}

#[test]
fn machines_are_a_category() {
    struct OfMachines;
    impl laws::Category for OfMachines {
        type Arrow = Wired;
        type Input = Vec<Term>;
        type Output = Vec<Term>;
        fn identity(&self) -> Wired {
            identity().boxed()
        }
        fn compose(&self, first: &Wired, second: &Wired) -> Wired {
            first.clone().then(second.clone()).boxed()
        }
        fn run(&self, arrow: &Wired, input: &Vec<Term>) -> Vec<Term> {
            arrow.clone().run(input.iter().cloned())
        }
        fn same(&self, left: &Vec<Term>, right: &Vec<Term>) -> bool {
            left == right
        }
    }
    let inputs = proptest::collection::vec(terms(), 0..6);
    laws::category(&settings(), &OfMachines, &machines(), &inputs).unwrap();
}

/// `parallel` that runs the right machine twice.
struct Twice;

impl laws::Arrow for Twice {
    type Arrow = Wired;
    type Wire = Term;
    fn arr(&self, f: Wiring<Term>) -> Wired {
        Machines.arr(f)
    }
    fn compose(&self, f: &Wired, g: &Wired) -> Wired {
        Machines.compose(f, g)
    }
    fn first(&self, f: &Wired) -> Wired {
        Machines.first(f)
    }
    fn parallel(&self, f: &Wired, g: &Wired) -> Wired {
        Machines.parallel(f, &Machines.compose(g, g))
    }
    fn run(&self, f: &Wired, inputs: &[Term]) -> Vec<Term> {
        Machines.run(f, inputs)
    }
    fn same(&self, a: &Term, b: &Term) -> bool {
        a == b
    }
}

/// A `first` that lets the other half wait for a step or, worse, an `arr` that counts.
struct Late(bool);

impl laws::Arrow for Late {
    type Arrow = Wired;
    type Wire = Term;
    fn arr(&self, f: Wiring<Term>) -> Wired {
        if self.0 {
            return Machines.arr(f);
        }
        scan(0_u8, move |n: &mut u8, t: Term| {
            *n = n.saturating_add(1);
            if *n == 2 { f(&f(&t)) } else { f(&t) }
        })
        .boxed()
    }
    fn compose(&self, f: &Wired, g: &Wired) -> Wired {
        Machines.compose(f, g)
    }
    fn first(&self, f: &Wired) -> Wired {
        on_pairs(f.clone().parallel(delay(Term::Leaf(0))))
    }
    fn run(&self, f: &Wired, inputs: &[Term]) -> Vec<Term> {
        Machines.run(f, inputs)
    }
    fn same(&self, a: &Term, b: &Term) -> bool {
        a == b
    }
}

#[test]
fn arrows_that_break_a_law_are_caught() {
    let error = laws::arrow(&settings(), &Twice, &machines(), &terms());
    assert_eq!(broken(error), "parallel");
    let error = laws::arrow(&settings(), &Late(true), &machines(), &terms());
    assert_eq!(broken(error), "first of a function");
    let error = laws::arrow(&settings(), &Late(false), &machines(), &terms());
    assert_eq!(broken(error), "functions compose");
}

/// A list under concatenation, so that order and grouping show.
#[derive(Debug, Clone, PartialEq)]
struct Listed(Vec<u8>);

impl Semigroup for Listed {
    fn combine(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn a_window_sees_the_last_samples(
        samples in prop::collection::vec(any::<u8>(), 0..40),
        width in 1_usize..12,
    ) {
        let seen = windowed(width, <[u8]>::to_vec).unwrap().run(samples.clone());
        let slid = slide(width).unwrap().run(samples.iter().map(|s| Listed(vec![*s])));
        for (i, (seen, slid)) in seen.iter().zip(&slid).enumerate() {
            let wanted = &samples[(i + 1).saturating_sub(width)..=i];
            prop_assert_eq!(seen, wanted);
            prop_assert_eq!(&slid.0, wanted);
        }
        prop_assert_eq!((seen.len(), slid.len()), (samples.len(), samples.len()));
    }

    #[test]
    fn packets_are_cut_in_order(samples in prop::collection::vec(any::<u8>(), 0..40), width in 1_usize..12) {
        let packets = chunked(width, <[u8]>::to_vec).unwrap().run(samples.clone());
        let cut: Vec<Vec<u8>> = packets.into_iter().flatten().collect();
        let wanted: Vec<Vec<u8>> = samples.chunks_exact(width).map(<[u8]>::to_vec).collect();
        prop_assert_eq!(cut, wanted);
    }

    #[test]
    fn what_is_restored_goes_on_as_what_was_saved(
        before in prop::collection::vec(any::<u8>(), 0..30),
        after in prop::collection::vec(any::<u8>(), 0..30),
        width in 1_usize..9,
    ) {
        let fresh = || {
            let looped = arr(|(x, s): (u8, u8)| (x.wrapping_add(s), x ^ s)).feedback(7_u8);
            let windows = windowed(width, <[u8]>::to_vec).unwrap();
            let folds = slide(width).unwrap().lmap(|x: u8| Listed(vec![x]));
            let kept = filter(|x: &u8| !x.is_multiple_of(3)).then_flat(chunked(width, <[u8]>::to_vec).unwrap());
            delay(1_u8).then(looped).fanout(windows.fanout(folds)).fanout(kept)
        };
        let mut machine = fresh();
        machine.run(before);
        let mut other = fresh();
        other.restore(machine.save()).unwrap();
        prop_assert_eq!(machine.run(after.clone()), other.run(after));
    }
}

#[test]
fn a_loop_is_one_step_late() {
    let mut sums = arr(|(x, sum): (u32, u32)| (sum, sum + x)).feedback(100);
    assert_eq!(sums.run([1, 2, 3]), [100, 101, 103]);
}

#[test]
fn nothing_wide_is_refused() {
    assert_eq!(windowed(0, |s: &[u8]| s.len()).unwrap_err(), Error::Width);
    assert_eq!(chunked(0, |s: &[u8]| s.len()).unwrap_err(), Error::Width);
    assert_eq!(slide::<Listed>(0).unwrap_err(), Error::Width);
    // A width nobody could fill costs what has come and no more.
    let mut wide = windowed(usize::MAX, |s: &[u8]| s.len()).unwrap();
    assert_eq!(wide.run([1, 2]), [1, 2]);
}

#[test]
fn a_state_too_large_is_refused_and_nothing_changes() {
    let pair = || {
        windowed(3, <[u8]>::to_vec)
            .unwrap()
            .fanout(windowed(1, <[u8]>::to_vec).unwrap())
    };
    let mut machine = pair();
    machine.run([1, 2]);
    let before = machine.save();
    let error = machine.restore((vec![9, 9], vec![1, 2])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the saved state of a window holds 2 values, expected at most 1; restore into the machine it was saved from"
    );
    assert_eq!(machine.save(), before);
}

#[test]
fn a_clone_and_a_thread_have_memories_of_their_own() {
    let mut one = scan(0, |n: &mut i32, x: i32| {
        *n += x;
        *n
    })
    .boxed();
    one.step(1);
    let mut two = one.clone();
    assert_eq!((one.step(10), two.step(20)), (11, 21));
    fn sent<T: Send>(_: &T) {}
    sent(&one);
}

#[test]
fn machines_are_profunctors() {
    use voidstate_properties::laws::{Binding, Suite, agree, functions};
    let settings = settings();
    let mut suite = Suite::new("profunctor", &settings).unwrap();
    let inputs = proptest::collection::vec(terms(), 0..6);
    let cases = (machines(), inputs.clone());
    suite
        .law(
            "identity",
            "dimap(id, id) = id",
            &cases,
            |(m, x)| vec![Binding::new("m", m), Binding::new("x", x)],
            |(m, x)| {
                let mapped = m.clone().dimap(|t: Term| t, |t: Term| t).run(x.clone());
                agree(PartialEq::eq, &mapped, &m.clone().run(x.clone()))
            },
        )
        .unwrap();
    let fun = || functions::<Term, _>(terms());
    let cases = (machines(), inputs, (fun(), fun(), fun(), fun()));
    suite
        .law(
            "composition",
            "dimap(f, g) ; dimap(h, k) = dimap(f ∘ h, k ∘ g)",
            &cases,
            |(m, x, _)| vec![Binding::new("m", m), Binding::new("x", x)],
            |(m, x, (f, g, h, k))| {
                let once = m.clone().dimap(|t: Term| f.call(&t), |t: Term| g.call(&t));
                let twice = once.dimap(|t: Term| h.call(&t), |t: Term| k.call(&t));
                let both = m
                    .clone()
                    .dimap(|t: Term| f.call(&h.call(&t)), |t: Term| k.call(&g.call(&t)));
                let mut both = both;
                let mut twice = twice;
                agree(PartialEq::eq, &twice.run(x.clone()), &both.run(x.clone()))
            },
        )
        .unwrap();
    assert_eq!(suite.done().cases(), 2 * 192);
}

#[test]
fn an_iterator_of_answers_is_as_long_as_its_inputs() {
    let mut answers = scan(0, |sum: &mut i32, x: i32| {
        *sum += x;
        *sum
    })
    .over([1, 2, 3]);
    assert_eq!((answers.len(), answers.next()), (3, Some(1)));
    assert_eq!(answers.by_ref().sum::<i32>(), 9);
    let mut machine = answers.into_machine();
    assert_eq!(machine.step(4), 10);
}
