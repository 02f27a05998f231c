//! Peer: a loop written by hand; naive partition refinement by rounds of signatures; the search that found a path.

use std::collections::HashMap;
use std::hint::black_box;

use voidstate_benches::{Pair, Plan, pair, plan, report_fact, report_pair, single};
use voidstate_equivalence::finite::Lts;
use voidstate_equivalence::generate::Rng;
use voidstate_equivalence::optimise::optimise;
use voidstate_equivalence::pipeline::{Pipeline, Sample};
use voidstate_equivalence::rules::Rules;

const NAME: &str = "equivalence";
const TEXT: &str = "map value * 0.001 | where value > 0.5 | window max 10 | window max 6";

fn parsed(text: &str) -> Pipeline {
    text.parse().expect("the text is right")
}

/// What `TEXT` does, as a person would write it.
#[derive(Default)]
struct ByHand {
    greatest: f64,
    inner: u32,
    outer_greatest: f64,
    outer: u32,
}

impl ByHand {
    fn step(&mut self, sample: Sample) -> Option<Sample> {
        let value = sample.value * 0.001;
        if !(value > 0.5) {
            return None;
        }
        self.greatest = if self.inner == 0 { value } else { self.greatest.max(value) };
        self.inner += 1;
        if self.inner < 10 {
            return None;
        }
        self.inner = 0;
        let value = self.greatest;
        self.outer_greatest = if self.outer == 0 { value } else { self.outer_greatest.max(value) };
        self.outer += 1;
        if self.outer < 6 {
            return None;
        }
        self.outer = 0;
        Some(Sample::new(sample.time_ns, self.outer_greatest))
    }
}

/// Rounds of signatures until nothing splits: O(n m).
fn naive(lts: &Lts) -> Vec<u32> {
    let mut classes = vec![0_u32; lts.states()];
    let mut count = 1;
    loop {
        let mut signatures = vec![Vec::new(); lts.states()];
        for (s, l, t) in lts.transitions() {
            signatures[*s as usize].push((*l, classes[*t as usize]));
        }
        let mut names = HashMap::new();
        let mut next = Vec::with_capacity(lts.states());
        for (state, mut signature) in signatures.into_iter().enumerate() {
            signature.sort_unstable();
            signature.dedup();
            let fresh = u32::try_from(names.len()).unwrap_or(u32::MAX);
            next.push(*names.entry((classes[state], signature)).or_insert(fresh));
        }
        classes = next;
        if names.len() == count {
            return classes;
        }
        count = names.len();
    }
}

/// A chain whose states differ only in how far the end is: the worst for rounds.
fn chain(n: u32) -> Lts {
    let step = |s: u32| [(s, 0, s + 1), (s, 1, s / 2)];
    let transitions = (0..n - 1).flat_map(step).collect();
    Lts::new(n as usize, transitions).expect("all states are there")
}

fn random(n: usize) -> Lts {
    let mut rng = Rng::new(1);
    let mut state = || u32::try_from(rng.below(n)).unwrap_or(0);
    let transitions = (0..4 * n).map(|i| (state(), (i % 3) as u32, state())).collect();
    Lts::new(n, transitions).expect("all states are there")
}

fn main() {
    let mut rng = Rng::new(7);
    let samples: Vec<Sample> =
        (0..4_096).map(|i| Sample::new(i * 1_000, rng.unit() * 1_000.0)).collect();
    let slow = parsed(TEXT);
    let fast = optimise(&slow, Rules::standard()).expect("the proof holds");
    println!("  {TEXT}\n  => {}", fast.pipeline);
    let said: Vec<_> = slow.run_batch(&samples);
    let mut hand = ByHand::default();
    assert_eq!(said, samples.iter().filter_map(|s| hand.step(*s)).collect::<Vec<_>>());

    let usual = plan(Plan::USUAL);
    let run = |machine: &mut voidstate_equivalence::pipeline::Machine| {
        for s in &samples {
            black_box(machine.step(black_box(*s)));
        }
    };
    let by_hand = |hand: &mut ByHand| {
        for s in &samples {
            black_box(hand.step(black_box(*s)));
        }
    };
    let per_sample = |p: Pair| Pair { ours_ns: p.ours_ns / 4_096.0, peer_ns: p.peer_ns / 4_096.0, ..p };
    let (mut m, mut h) = (slow.machine(), ByHand::default());
    let p = pair(usual, || run(&mut m), || by_hand(&mut h));
    report_pair(NAME, "step_over_hand", "a loop by hand", per_sample(p));
    let (mut m, mut h) = (fast.pipeline.machine(), ByHand::default());
    let p = pair(usual, || run(&mut m), || by_hand(&mut h));
    report_pair(NAME, "optimised_step_over_hand", "a loop by hand, as first written", per_sample(p));
    let (mut m, mut s) = (fast.pipeline.machine(), slow.machine());
    let p = pair(usual, || run(&mut m), || run(&mut s));
    report_pair(NAME, "optimised_over_original", "the original pipeline", per_sample(p));

    let slow_plan = plan(Plan::SLOW);
    let p = pair(
        slow_plan,
        || fast.path.check(black_box(Rules::standard())).expect("it holds"),
        || drop(black_box(optimise(&slow, Rules::standard()))),
    );
    report_pair(NAME, "check_over_search", "the search that found the path", p);

    let wide = "where value > 1 | where value > 2 | where value > 3 | where finite(value) | map value * 2 | map value + 1 | window max 2 | window max 3";
    let wide = parsed(wide);
    let ms = single(slow_plan, || drop(black_box(optimise(&wide, Rules::standard())))) / 1e6;
    report_fact(NAME, "optimise_eight_stages", ms, "ms");

    for (name, lts) in [("bisimilarity_chain", chain(2_000)), ("bisimilarity_random", random(20_000))] {
        assert_eq!(lts.bisimilarity().iter().max(), naive(&lts).iter().max());
        let p = pair(slow_plan, || drop(black_box(lts.bisimilarity())), || drop(black_box(naive(&lts))));
        report_pair(NAME, name, "naive rounds", p);
    }
}
