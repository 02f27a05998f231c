//! A small solver for comparisons between arithmetic expressions: bounds are propagated to a fixed point, one unknown is
//! given a number, and so on. For differences (`a <= b`, `i < len(xs)`) no choice has to be taken back.

use voidstate_language::ast::CompareOp;

use super::bounds::{Bounds, INT, Number, whole};
use super::formula::Arithmetic;
use super::random::Random;

/// An expression over numbered unknowns.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Known(Number),
    Unknown(usize),
    Binary(Arithmetic, Box<Tree>, Box<Tree>),
    Negate(Box<Tree>),
    Real(Box<Tree>),
}

/// Unknowns with their bounds, and what must hold between them.
#[derive(Debug, Clone, Default)]
pub(crate) struct System {
    pub(crate) bounds: Vec<Bounds>,
    comparisons: Vec<(Tree, CompareOp, Tree)>,
    /// Divisor and remainder that an unknown must have.
    moduli: Vec<Option<(Tree, i128)>>,
    used: Vec<bool>,
}

/// Rounds of propagation before the bounds are taken as they are: strict cycles of reals would creep for ever.
const ROUNDS: usize = 24;

impl System {
    pub(crate) fn unknown(&mut self, bounds: Bounds) -> usize {
        self.bounds.push(bounds);
        self.moduli.push(None);
        self.used.push(false);
        self.bounds.len() - 1
    }

    /// Whether any comparison speaks about it.
    pub(crate) fn is_used(&self, unknown: usize) -> bool {
        self.used.get(unknown).copied().unwrap_or(false)
    }

    pub(crate) fn narrow(&mut self, unknown: usize, to: Bounds) {
        if let Some(bounds) = self.bounds.get_mut(unknown) {
            *bounds = bounds.meet(to);
        }
    }

    pub(crate) fn require(&mut self, left: Tree, op: CompareOp, right: Tree) {
        mark(&left, &mut self.used);
        mark(&right, &mut self.used);
        if op == CompareOp::Equal {
            self.divisible(&left, &right);
            self.divisible(&right, &left);
        }
        self.comparisons.push((left, op, right));
    }

    /// Notes `unknown % divisor == remainder`.
    fn divisible(&mut self, left: &Tree, right: &Tree) {
        let (Tree::Binary(Arithmetic::Remainder, of, by), Tree::Known(Number::Int(remainder))) =
            (left, right)
        else {
            return;
        };
        let Tree::Unknown(unknown) = &**of else {
            return;
        };
        if let Some(modulus) = self.moduli.get_mut(*unknown) {
            *modulus = Some(((**by).clone(), *remainder));
        }
        match remainder.signum() {
            1 => self.narrow(*unknown, Bounds::Int(0, i128::MAX)),
            -1 => self.narrow(*unknown, Bounds::Int(i128::MIN, 0)),
            _ => {}
        }
    }

    /// Narrows the bounds to what the comparisons leave; false when nothing is left of some.
    pub(crate) fn propagate(&mut self) -> bool {
        if self.bounds.iter().any(|b| b.is_empty()) {
            return false;
        }
        let comparisons = std::mem::take(&mut self.comparisons);
        let mut possible = true;
        for _ in 0..ROUNDS {
            let before = self.bounds.clone();
            possible = comparisons
                .iter()
                .all(|(left, op, right)| self.revise(left, *op, right));
            if !possible || before == self.bounds {
                break;
            }
        }
        self.comparisons = comparisons;
        possible
    }

    fn revise(&mut self, left: &Tree, op: CompareOp, right: &Tree) -> bool {
        let (a, b) = (self.forward(left), self.forward(right));
        match op {
            CompareOp::Less | CompareOp::LessEqual => {
                let strict = op == CompareOp::Less;
                self.project(left, at_most(a, b, strict))
                    && self.project(right, at_least(b, a, strict))
            }
            CompareOp::Greater | CompareOp::GreaterEqual => {
                let strict = op == CompareOp::Greater;
                self.project(left, at_least(a, b, strict))
                    && self.project(right, at_most(b, a, strict))
            }
            CompareOp::Equal => self.project(left, a.meet(b)) && self.project(right, b.meet(a)),
            CompareOp::NotEqual => self.differ(left, b) && self.differ(right, a),
            CompareOp::In => true,
        }
    }

    /// Takes an end away that the tree must not have.
    fn differ(&mut self, tree: &Tree, other: Bounds) -> bool {
        if !other.is_point() {
            return true;
        }
        let own = self.forward(tree);
        if own.is_point() {
            return !own.holds(other.low());
        }
        match (own, other.low()) {
            (Bounds::Int(a, b), Number::Int(x)) if a == x => {
                self.project(tree, Bounds::Int(a + 1, b))
            }
            (Bounds::Int(a, b), Number::Int(x)) if b == x => {
                self.project(tree, Bounds::Int(a, b - 1))
            }
            _ => true,
        }
    }

    /// What the tree's value can be; whole numbers beyond 64 bits would be an error, so they are none.
    fn forward(&self, tree: &Tree) -> Bounds {
        let bounds = match tree {
            Tree::Known(number) => Bounds::point(*number),
            Tree::Unknown(unknown) => self.bounds.get(*unknown).copied().unwrap_or(INT),
            Tree::Negate(part) => self.forward(part).negate(),
            Tree::Real(part) => self.forward(part).to_real(),
            Tree::Binary(op, left, right) => {
                let (a, b) = (self.forward(left), self.forward(right));
                match op {
                    Arithmetic::Add => a.add(b),
                    Arithmetic::Subtract => a.subtract(b),
                    Arithmetic::Multiply => a.multiply(b),
                    Arithmetic::Divide => a.divide(b),
                    Arithmetic::Remainder => a.remainder(b),
                }
            }
        };
        match bounds {
            Bounds::Int(..) => bounds.meet(INT),
            Bounds::Real(..) => bounds,
        }
    }

    /// Narrows what is below the tree so that its value can lie in `target`.
    fn project(&mut self, tree: &Tree, target: Bounds) -> bool {
        if target.is_empty() {
            return false;
        }
        match tree {
            Tree::Known(number) => target.holds(*number),
            Tree::Unknown(unknown) => match self.bounds.get_mut(*unknown) {
                Some(bounds) => {
                    *bounds = bounds.meet(target);
                    !bounds.is_empty()
                }
                None => false,
            },
            Tree::Negate(part) => self.project(part, target.negate()),
            Tree::Real(part) => self.project(part, target),
            Tree::Binary(op, left, right) => self.project_binary(*op, left, right, target),
        }
    }

    fn project_binary(
        &mut self,
        op: Arithmetic,
        left: &Tree,
        right: &Tree,
        target: Bounds,
    ) -> bool {
        let (a, b) = (self.forward(left), self.forward(right));
        if a.is_empty() || b.is_empty() {
            return false;
        }
        match op {
            Arithmetic::Add => {
                self.project(left, a.meet(target.subtract(b)))
                    && self.project(right, b.meet(target.subtract(a)))
            }
            Arithmetic::Subtract => {
                self.project(left, a.meet(target.add(b)))
                    && self.project(right, b.meet(a.subtract(target)))
            }
            Arithmetic::Multiply => {
                self.project(left, factor(a, b, target))
                    && self.project(right, factor(b, a, target))
            }
            Arithmetic::Divide => match (target, b) {
                (Bounds::Int(low, high), Bounds::Int(c, d)) if c == d && c > 0 => {
                    let slack = c - 1;
                    let low = low.saturating_mul(c) - if low <= 0 { slack } else { 0 };
                    let high = high.saturating_mul(c) + if high >= 0 { slack } else { 0 };
                    self.project(left, a.meet(Bounds::Int(low, high)))
                }
                _ => true,
            },
            Arithmetic::Remainder => true,
        }
    }

    /// Gives every unknown a number, in random order. `propose` suggests one for the `attempt`-th time; it is put into
    /// the bounds when it lies outside. `None` when no choice works.
    pub(crate) fn solve(
        mut self,
        random: &mut Random,
        propose: &mut dyn FnMut(&mut Random, usize, Bounds, usize) -> Number,
    ) -> Option<Vec<Number>> {
        if !self.propagate() {
            return None;
        }
        let mut chosen: Vec<Number> = self.bounds.iter().map(|b| b.low()).collect();
        let mut order: Vec<usize> = (0..self.bounds.len()).collect();
        random.shuffle(&mut order);
        // What must be divisible is chosen after the divisor.
        order.sort_by_key(|unknown| self.moduli.get(*unknown).is_some_and(Option::is_some));
        for unknown in order {
            let bounds = *self.bounds.get(unknown)?;
            let free = !self.is_used(unknown);
            let mut settled = None;
            for attempt in 0..8 {
                let number = match attempt {
                    6 => bounds.low(),
                    7 => bounds.high(),
                    _ => propose(random, unknown, bounds, attempt),
                };
                if free && self.moduli.get(unknown).is_none_or(Option::is_none) {
                    settled = Some(number);
                    break;
                }
                let Some(number) = self.fit(unknown, bounds, number) else {
                    continue;
                };
                let saved = self.bounds.clone();
                if let Some(slot) = self.bounds.get_mut(unknown) {
                    *slot = Bounds::point(number);
                }
                if self.propagate() {
                    settled = Some(number);
                    break;
                }
                self.bounds = saved;
            }
            *chosen.get_mut(unknown)? = settled?;
        }
        Some(chosen)
    }

    /// What the unknown must be divisible by, where that has a value, and what remains.
    fn divisor(&self, unknown: usize) -> Option<(i128, i128)> {
        let (divisor, remainder) = self.moduli.get(unknown)?.as_ref()?;
        match self.forward(divisor) {
            Bounds::Int(a, b) if a == b && a != 0 => Some((a.saturating_abs(), *remainder)),
            _ => None,
        }
    }

    /// The number nearest to the one proposed that the bounds and the divisor allow.
    fn fit(&self, unknown: usize, bounds: Bounds, number: Number) -> Option<Number> {
        match (bounds, number) {
            (Bounds::Int(low, high), number) => {
                let number = match number {
                    Number::Int(i) => i,
                    Number::Real(r) => whole(r),
                };
                let clipped = number.clamp(low, high.max(low));
                let Some((divisor, remainder)) = self.divisor(unknown) else {
                    return Some(Number::Int(clipped));
                };
                let down = clipped - (clipped - remainder).rem_euclid(divisor);
                [down, down + divisor]
                    .into_iter()
                    .find(|n| low <= *n && *n <= high)
                    .map(Number::Int)
            }
            (Bounds::Real(low, high), number) => {
                let x = number.real();
                if x.is_nan() {
                    None
                } else {
                    Some(Number::Real(x.max(low).min(high)))
                }
            }
        }
    }
}

fn mark(tree: &Tree, used: &mut [bool]) {
    match tree {
        Tree::Known(_) => {}
        Tree::Unknown(unknown) => {
            if let Some(flag) = used.get_mut(*unknown) {
                *flag = true;
            }
        }
        Tree::Negate(part) | Tree::Real(part) => mark(part, used),
        Tree::Binary(_, left, right) => {
            mark(left, used);
            mark(right, used);
        }
    }
}

/// `own`, not above the top of `other`.
fn at_most(own: Bounds, other: Bounds, strict: bool) -> Bounds {
    match (own, other.high()) {
        (Bounds::Int(a, b), Number::Int(top)) => Bounds::Int(a, b.min(top - i128::from(strict))),
        (own, top) => {
            let top = top.real();
            let top = if strict { top.next_down() } else { top };
            own.meet(Bounds::Real(f64::NEG_INFINITY, top))
        }
    }
}

/// `own`, not below the bottom of `other`.
fn at_least(own: Bounds, other: Bounds, strict: bool) -> Bounds {
    match (own, other.low()) {
        (Bounds::Int(a, b), Number::Int(bottom)) => {
            Bounds::Int(a.max(bottom + i128::from(strict)), b)
        }
        (own, bottom) => {
            let bottom = bottom.real();
            let bottom = if strict { bottom.next_up() } else { bottom };
            own.meet(Bounds::Real(bottom, f64::INFINITY))
        }
    }
}

/// What `own` can be when `own * other` lies in `target`.
fn factor(own: Bounds, other: Bounds, target: Bounds) -> Bounds {
    match (own, other, target) {
        (Bounds::Int(a, b), Bounds::Int(c, d), Bounds::Int(low, high)) => {
            if c == d && c != 0 {
                let (x, y) = if c > 0 { (low, high) } else { (high, low) };
                return Bounds::Int(a.max(ceil_div(x, c)), b.min(floor_div(y, c)));
            }
            if a >= 0 && c > 0 && high >= 0 {
                return Bounds::Int(a.max(ceil_div(low.max(0), d)), b.min(high / c));
            }
            own
        }
        _ if other.is_point() && other.low().real() != 0.0 => {
            own.meet(target.to_real().divide(other.to_real()))
        }
        _ => own,
    }
}

const fn floor_div(a: i128, b: i128) -> i128 {
    let q = a.wrapping_div(b);
    if a % b != 0 && (a < 0) != (b < 0) {
        q - 1
    } else {
        q
    }
}

const fn ceil_div(a: i128, b: i128) -> i128 {
    let q = a.wrapping_div(b);
    if a % b != 0 && (a < 0) == (b < 0) {
        q + 1
    } else {
        q
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(i: i128) -> Tree {
        Tree::Known(Number::Int(i))
    }

    fn ints(system: System, seed: u64) -> Option<Vec<i128>> {
        let mut random = Random::new(seed);
        let found = system.solve(&mut random, &mut |random, _, bounds, _| match bounds {
            Bounds::Int(a, b) => Number::Int(random.between(a, b)),
            Bounds::Real(a, _) => Number::Real(a),
        })?;
        Some(
            found
                .into_iter()
                .map(|n| match n {
                    Number::Int(i) => i,
                    Number::Real(r) => whole(r),
                })
                .collect(),
        )
    }

    #[test]
    fn a_product_of_lengths_is_met() {
        for seed in 0..200 {
            let mut system = System::default();
            let rows = system.unknown(Bounds::Int(1, 100));
            let columns = system.unknown(Bounds::Int(1, 100));
            let cells = system.unknown(Bounds::Int(0, 64));
            system.require(
                Tree::Unknown(cells),
                CompareOp::Equal,
                Tree::Binary(
                    Arithmetic::Multiply,
                    Box::new(Tree::Unknown(rows)),
                    Box::new(Tree::Unknown(columns)),
                ),
            );
            let Some(found) = ints(system, seed) else {
                continue;
            };
            assert_eq!(found[2], found[0] * found[1], "{found:?}");
        }
    }

    #[test]
    fn divisibility_is_met() {
        for seed in 0..50 {
            let mut system = System::default();
            let x = system.unknown(Bounds::Int(10, 1000));
            system.require(
                Tree::Binary(
                    Arithmetic::Remainder,
                    Box::new(Tree::Unknown(x)),
                    Box::new(known(7)),
                ),
                CompareOp::Equal,
                known(3),
            );
            let found = ints(system, seed);
            assert!(found.is_some_and(|f| f[0] % 7 == 3 && (10..=1000).contains(&f[0])));
        }
    }

    #[test]
    fn contradictions_have_no_solution() {
        let mut system = System::default();
        let x = system.unknown(INT);
        system.require(Tree::Unknown(x), CompareOp::Less, known(3));
        system.require(Tree::Unknown(x), CompareOp::Greater, known(3));
        assert_eq!(ints(system, 0), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]
        /// Chains of differences never need a choice taken back.
        #[test]
        fn chains_of_differences_are_always_solved(
            gaps in proptest::collection::vec((0_i128..5, any::<bool>()), 1..6),
            low in -100_i128..100,
            seed in any::<u64>(),
        ) {
            let mut system = System::default();
            let first = system.unknown(Bounds::Int(low, low + 1000));
            let mut last = first;
            for (gap, strict) in &gaps {
                let next = system.unknown(INT);
                let left = Tree::Binary(Arithmetic::Add, Box::new(Tree::Unknown(last)), Box::new(known(*gap)));
                let op = if *strict { CompareOp::Less } else { CompareOp::LessEqual };
                system.require(left, op, Tree::Unknown(next));
                last = next;
            }
            system.require(Tree::Unknown(last), CompareOp::LessEqual, known(low + 2000));
            let found = ints(system, seed);
            prop_assert!(found.is_some());
            let found = found.unwrap_or_default();
            for ((gap, strict), pair) in gaps.iter().zip(found.windows(2)) {
                prop_assert!(pair[0] + gap + i128::from(*strict) <= pair[1]);
            }
        }

        #[test]
        fn strict_reals_are_strict(seed in any::<u64>(), a in -1e6_f64..1e6) {
            let mut system = System::default();
            let x = system.unknown(super::super::bounds::REAL);
            system.require(Tree::Unknown(x), CompareOp::Greater, Tree::Known(Number::Real(a)));
            let found = system.solve(&mut Random::new(seed), &mut |_, _, bounds, _| bounds.low());
            prop_assert!(found.is_some_and(|f| f[0].real() > a));
        }
    }
}
