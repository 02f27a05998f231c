//! Equality saturation with egg.

use std::collections::{BTreeMap, HashMap, HashSet};

use egg::{EGraph, Id, Subst, Symbol, Var};

use super::cost::{Flow, work};
use super::search::{Budget, Search};
use super::term::{Node, mark, pattern, stages_of, term};
use crate::path::{Direction, Path, Step};
use crate::pipeline::{Pipeline, Pred, Stage};
use crate::rules::{Kind, Rule, Rules};

/// Tries all rules everywhere, keeping all equal terms at once (Willsey et al., egg, POPL 2021), until nothing new is
/// found or the budget is spent. Deterministic.
#[derive(Debug, Clone, Copy, Default)]
pub struct Saturation;

impl Search for Saturation {
    fn cheapest(&self, pipeline: &Pipeline, rules: &Rules, budget: Budget) -> Path {
        let mut graph = Graph::of(&[pipeline], rules, budget);
        let found = graph.extracted(pipeline);
        let best = found.and_then(|stages| Pipeline::new(stages).ok());
        let path = best.and_then(|best| graph.path(pipeline, &best, rules));
        path.unwrap_or_else(|| Path::refl(pipeline))
    }

    fn connect(&self, a: &Pipeline, b: &Pipeline, rules: &Rules, budget: Budget) -> Option<Path> {
        if a == b {
            return Some(Path::refl(a));
        }
        let mut graph = Graph::of(&[a, b], rules, budget);
        let is_one = match graph.roots.as_slice() {
            [x, y] => graph.egraph.find(*x) == graph.egraph.find(*y),
            _ => false,
        };
        if is_one {
            graph.path(a, b, rules)
        } else {
            None
        }
    }
}

struct Graph {
    egraph: EGraph<Node, ()>,
    roots: Vec<Id>,
    rest: Var,
}

/// A finite list or stage with its cost, for extraction.
#[derive(Debug, Clone, PartialEq)]
struct Best {
    /// Cost of a list when no condition came before and when one did; equal for a stage.
    cost: f64,
    stages: Vec<Stage>,
}

impl Best {
    fn is_better_than(&self, other: Option<&Self>) -> bool {
        let Some(other) = other else { return true };
        let by_cost = self.cost.total_cmp(&other.cost);
        let by_length = self.stages.len().cmp(&other.stages.len());
        by_cost
            .then(by_length)
            .then_with(|| self.stages.cmp(&other.stages))
            .is_lt()
    }
}

/// The best terms of a class: as a list that meets unfiltered samples, and one that meets filtered ones. For a stage both
/// are the same list of one.
/// A rewrite that was found: the rule, its two sides, and the list that goes on behind them.
type Found = (usize, Vec<Stage>, Vec<Stage>, Id);

/// What rules make of stages, so that nothing is worked out twice.
type Known = HashMap<(usize, Vec<Stage>), Option<Vec<Stage>>>;

/// Tries of rules per term that may be held.
const TRIES_PER_NODE: usize = 40;

type Bests = BTreeMap<(Id, bool), Best>;

impl Graph {
    fn of(pipelines: &[&Pipeline], rules: &Rules, budget: Budget) -> Self {
        let mut egraph = EGraph::<Node, ()>::default().with_explanations_enabled();
        let roots = pipelines
            .iter()
            .map(|p| egraph.add_expr_uncanonical(&term(p)))
            .collect();
        egraph.rebuild();
        let rest = Var::from_u32(0);
        let mut graph = Self {
            egraph,
            roots,
            rest,
        };
        graph.saturate(rules, budget);
        graph
    }

    fn saturate(&mut self, rules: &Rules, budget: Budget) {
        let rules: Vec<&Rule> = rules.iter().map(|a| a.rule()).collect();
        let mut done: HashSet<(usize, Vec<Stage>, Id)> = HashSet::new();
        let mut known = Known::new();
        let mut tries = budget.nodes_max.saturating_mul(TRIES_PER_NODE);
        for _ in 0..budget.rounds_max {
            let found = self.found(&rules, &mut known, &mut tries);
            let mut unions = 0;
            for (rule, left, right, rest) in found {
                if self.egraph.total_number_of_nodes() > budget.nodes_max {
                    tries = 0;
                    break;
                }
                if done.insert((rule, left.clone(), rest)) {
                    let name = rules.get(rule).map_or("", |r| r.name());
                    unions += usize::from(self.unite(name, &left, &right, rest));
                }
            }
            self.egraph.rebuild();
            let is_one = match self.roots.as_slice() {
                [a, b] => self.egraph.find(*a) == self.egraph.find(*b),
                _ => false,
            };
            if unions == 0 || tries == 0 || is_one {
                return;
            }
        }
    }

    /// Whether it was new that the two sides, each with `rest` behind it, are one.
    fn unite(&mut self, rule: &str, left: &[Stage], right: &[Stage], rest: Id) -> bool {
        let mut subst = Subst::with_capacity(1);
        subst.insert(self.rest, rest);
        let (from, to) = (pattern(left, self.rest), pattern(right, self.rest));
        self.egraph
            .union_instantiations(&from, &to, &subst, Symbol::from(rule))
            .1
    }

    /// All rules, tried on all lists there are.
    fn found(&self, rules: &[&Rule], known: &mut Known, tries: &mut usize) -> Vec<Found> {
        let bests = self.bests();
        let mut found = Vec::new();
        for class in self.sorted_classes() {
            for (number, rule) in rules.iter().enumerate() {
                for (stages, rest) in self.lists(rule.shape(), class, &bests, tries) {
                    let key = (number, stages);
                    let made = known
                        .entry(key.clone())
                        .or_insert_with(|| rule.apply(&key.1));
                    if let Some(made) = made {
                        found.push((number, key.1, made.clone(), rest));
                    }
                }
            }
        }
        found
    }

    fn sorted_classes(&self) -> Vec<Id> {
        let mut classes: Vec<Id> = self.egraph.classes().map(|c| c.id).collect();
        classes.sort_unstable();
        classes
    }

    /// Stages of the kinds of `shape` that lists of `class` begin with, and what is behind them.
    fn lists(
        &self,
        shape: &[Kind],
        class: Id,
        bests: &Bests,
        tries: &mut usize,
    ) -> Vec<(Vec<Stage>, Id)> {
        let mut lists = vec![(Vec::new(), class)];
        for kind in shape {
            let mut longer = Vec::new();
            for (stages, rest) in lists {
                for (stage, rest) in self.heads(rest, bests) {
                    if !kind.fits(&stage) {
                        continue;
                    }
                    let Some(left) = tries.checked_sub(1) else {
                        return Vec::new();
                    };
                    *tries = left;
                    longer.push(([stages.as_slice(), &[stage]].concat(), rest));
                }
            }
            lists = longer;
        }
        lists
    }

    /// First stages of the lists of a class, and their rests.
    ///
    /// Where nothing comes through, everything equals everything; of such a class only its normal form is looked at.
    fn heads(&self, class: Id, bests: &Bests) -> Vec<(Stage, Id)> {
        let mut heads = Vec::new();
        for node in &self.egraph[self.egraph.find(class)].nodes {
            let Node::Cons([head, rest]) = node else {
                continue;
            };
            let rest = self.egraph.find(*rest);
            heads.extend(
                self.alternatives(*head, bests)
                    .into_iter()
                    .map(|stage| (stage, rest)),
            );
        }
        let never = Stage::Where(Pred::Always(false));
        if heads.iter().any(|(stage, _)| *stage == never) {
            heads.retain(|(stage, _)| *stage == never);
        }
        heads
    }

    /// The stages a class of stages holds, with the best branches known.
    fn alternatives(&self, class: Id, bests: &Bests) -> Vec<Stage> {
        let nodes = self.egraph[self.egraph.find(class)].nodes.iter();
        nodes.filter_map(|node| self.stage(node, bests)).collect()
    }

    fn stage(&self, node: &Node, bests: &Bests) -> Option<Stage> {
        let branch = |id: &Id| {
            let best = bests.get(&(self.egraph.find(*id), false))?;
            Pipeline::new(best.stages.clone()).ok()
        };
        match node {
            Node::Leaf(stage) => Some(stage.clone()),
            Node::Tee(op, [a, b]) => Some(Stage::Tee(*op, branch(a)?, branch(b)?)),
            Node::Merge([a, b]) => Some(Stage::Merge(branch(a)?, branch(b)?)),
            Node::Nil | Node::Cons(_) => None,
        }
    }

    /// The cheapest finite terms of all classes, by improving until nothing improves.
    ///
    /// A class may contain itself; a term is only ever built of finished ones, so that it is finite.
    fn bests(&self) -> Bests {
        let mut bests = Bests::new();
        let classes = self.sorted_classes();
        // Costs fall with each improvement; the bound only guards against a model that does not let them settle.
        for _ in 0..classes.len() + 2 {
            let mut is_improved = false;
            for class in &classes {
                for is_filtered in [false, true] {
                    let candidates = self.egraph[*class].nodes.iter();
                    let candidates = candidates.filter_map(|n| self.built(n, is_filtered, &bests));
                    for candidate in candidates.collect::<Vec<_>>() {
                        if candidate.is_better_than(bests.get(&(*class, is_filtered))) {
                            bests.insert((*class, is_filtered), candidate);
                            is_improved = true;
                        }
                    }
                }
            }
            if !is_improved {
                break;
            }
        }
        bests
    }

    fn built(&self, node: &Node, is_filtered: bool, bests: &Bests) -> Option<Best> {
        match node {
            Node::Nil => Some(Best {
                cost: 0.0,
                stages: Vec::new(),
            }),
            Node::Cons([head, rest]) => {
                let head = bests.get(&(self.egraph.find(*head), is_filtered))?;
                let [stage] = head.stages.as_slice() else {
                    return None;
                };
                let flow = Flow {
                    is_filtered,
                    ..Flow::START
                }
                .after(stage);
                let rest = bests.get(&(self.egraph.find(*rest), flow.is_filtered))?;
                if rest.stages.len() >= crate::pipeline::STAGES_MAX {
                    return None;
                }
                let stages = [head.stages.as_slice(), rest.stages.as_slice()].concat();
                Some(Best {
                    cost: head.cost + flow.share * rest.cost,
                    stages,
                })
            }
            stage => {
                let stage = self.stage(stage, bests)?;
                Some(Best {
                    cost: work(&stage),
                    stages: vec![stage],
                })
            }
        }
    }

    fn extracted(&self, pipeline: &Pipeline) -> Option<Vec<Stage>> {
        let root = self.egraph.lookup_expr(&term(pipeline))?;
        let bests = self.bests();
        bests
            .get(&(self.egraph.find(root), false))
            .map(|b| b.stages.clone())
    }

    /// egg's explanation as a path.
    fn path(&mut self, from: &Pipeline, to: &Pipeline, rules: &Rules) -> Option<Path> {
        let mut explanation = self.egraph.explain_equivalence(&term(from), &term(to));
        let flat = explanation.make_flat_explanation();
        let mut steps = Vec::new();
        for pair in flat.windows(2) {
            let [before, after] = pair else { continue };
            steps.push(step(before, after, rules)?);
        }
        Some(Path::claimed(from.clone(), to.clone(), steps))
    }
}

fn step(before: &egg::FlatTerm<Node>, after: &egg::FlatTerm<Node>, rules: &Rules) -> Option<Step> {
    let (rule, is_backward, at) = mark(after)?;
    let width = rules.get(&rule)?.rule().shape().len();
    let (mut old, mut new) = (stages_of(before)?, stages_of(after)?);
    for (stage, side) in &at.branches {
        old = branch(&old, *stage, *side)?;
        new = branch(&new, *stage, *side)?;
    }
    // The shape says how many stages stand on the rule's left side; all after them are the same on both sides.
    let (old_len, new_len) = (old.len(), new.len());
    let (old_width, new_width) = if is_backward {
        (width.checked_add(old_len)?.checked_sub(new_len)?, width)
    } else {
        (width, width.checked_add(new_len)?.checked_sub(old_len)?)
    };
    Some(Step {
        rule,
        direction: if is_backward {
            Direction::Backward
        } else {
            Direction::Forward
        },
        before: old.get(at.at..at.at.checked_add(old_width)?)?.to_vec(),
        after: new.get(at.at..at.at.checked_add(new_width)?)?.to_vec(),
        at,
    })
}

fn branch(stages: &[Stage], at: usize, side: crate::path::Side) -> Option<Vec<Stage>> {
    use crate::path::Side::{Left, Right};
    match (stages.get(at)?, side) {
        (Stage::Tee(_, a, _) | Stage::Merge(a, _), Left) => Some(a.stages().to_vec()),
        (Stage::Tee(_, _, b) | Stage::Merge(_, b), Right) => Some(b.stages().to_vec()),
        _ => None,
    }
}
