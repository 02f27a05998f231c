//! Asynchronous subtyping up to a bound: one machine runs ahead of the other, which keeps a tree of what it still has to do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::{Difference, Subtyping, may_replace};
use crate::machine::{Direction, Machine, Transition};

/// More pairs are not looked at.
const MAX_PAIRS: usize = 20_000;

/// What the other machine still has to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Tree {
    /// Everything from a state on.
    State(usize),
    /// One of these inputs, all from one role.
    In(usize, Vec<Branch>),
    /// One of these outputs.
    Out(Vec<Branch>),
}

/// A step of the other machine, by state and number, and what follows.
type Branch = ((usize, usize), Rc<Tree>);

/// A step of the first machine by number, the state behind it, and what is left of the other.
type Move = (usize, usize, Tree);

/// An input of the other machine, and what is left of it then.
type Input = ((usize, usize), Tree);

/// The step can never be matched.
struct Never(String);

type Pair = (usize, Rc<Tree>);

struct Game<'m> {
    sub: &'m Machine,
    sup: &'m Machine,
    pairs: BTreeMap<Pair, usize>,
    list: Vec<Pair>,
    /// The pair and the step before each, and all steps between pairs.
    parents: Vec<Option<(usize, usize)>>,
    edges: Vec<(usize, usize, usize)>,
}

pub(super) fn subtype(
    sub: &Machine,
    sup: &Machine,
    bound: usize,
    synchronous: Difference,
) -> Subtyping {
    let crashes = |m: &Machine| {
        m.states().iter().any(|s| {
            s.may_crash
                || s.transitions
                    .iter()
                    .any(|t| t.direction == Direction::Crash)
        })
    };
    if crashes(sub) || crashes(sup) {
        return Subtyping::Unknown(format!(
            "what is sent early where a role may be gone is not decided; at the same time, {synchronous}"
        ));
    }
    let start = (0, Rc::new(Tree::State(0)));
    let mut game = Game {
        sub,
        sup,
        pairs: BTreeMap::from([(start.clone(), 0)]),
        list: vec![start],
        parents: vec![None],
        edges: Vec::new(),
    };
    game.play(bound)
}

impl Game<'_> {
    fn play(&mut self, bound: usize) -> Subtyping {
        let mut open = VecDeque::from([0]);
        while let Some(at) = open.pop_front() {
            let Some((state, tree)) = self.list.get(at).cloned() else {
                continue;
            };
            let next =
                match self.moves(state, &tree) {
                    Ok(Some(next)) => next,
                    Ok(None) => return Subtyping::Unknown(
                        "a state of the first machine waits for several roles, or sends and waits"
                            .to_owned(),
                    ),
                    Err(Never(reason)) => {
                        return Subtyping::No(Difference {
                            trace: self.trace(at),
                            reason,
                        });
                    }
                };
            for (step, target, tree) in next {
                if depth(&tree) > bound {
                    return Subtyping::Unknown(format!(
                        "the first machine runs more than {bound} steps ahead"
                    ));
                }
                if self.list.len() >= MAX_PAIRS {
                    return Subtyping::Unknown(format!(
                        "there are more than {MAX_PAIRS} ways to run ahead"
                    ));
                }
                let pair = (target, Rc::new(tree));
                let fresh = self.list.len();
                let to = *self.pairs.entry(pair.clone()).or_insert(fresh);
                if to == fresh {
                    self.list.push(pair);
                    self.parents.push(Some((at, step)));
                    open.push_back(to);
                }
                self.edges.push((at, step, to));
            }
        }
        self.forgotten()
    }

    /// All that the first machine may do at a pair; none where its state is of no kind that is decided.
    fn moves(&self, state: usize, tree: &Tree) -> Result<Option<Vec<Move>>, Never> {
        let ours = self.sub.transitions(state);
        let Some(first) = ours.first() else {
            return match tree {
                Tree::State(u) if self.sup.is_final(*u) => Ok(Some(Vec::new())),
                _ => Err(Never("the first is done and the other is not".to_owned())),
            };
        };
        let mut next = Vec::new();
        if first.direction == Direction::Send {
            for (i, t) in ours.iter().enumerate() {
                if t.direction != Direction::Send {
                    return Ok(None);
                }
                next.push((i, t.target, self.output(tree, t, &mut Vec::new())?));
            }
            return Ok(Some(next));
        }
        if ours
            .iter()
            .any(|t| t.direction != Direction::Receive || t.peer != first.peer)
        {
            return Ok(None);
        }
        for ((u, number), rest) in self.inputs(tree, first.peer, &mut Vec::new())? {
            let Some(theirs) = self.sup.transitions(u).get(number) else {
                continue;
            };
            let found = ours
                .iter()
                .enumerate()
                .find(|(_, t)| t.label == theirs.label && may_replace(t, theirs));
            let Some((i, t)) = found else {
                return Err(Never(format!(
                    "only the other does `{}`",
                    self.sup.describe(theirs)
                )));
            };
            next.push((i, t.target, rest));
        }
        Ok(Some(next))
    }

    fn unfold(&self, state: usize) -> Tree {
        let steps = self.sup.transitions(state);
        let branch = |(i, t): (usize, &Transition)| ((state, i), Rc::new(Tree::State(t.target)));
        let branches = steps.iter().enumerate().map(branch).collect();
        match steps.first() {
            None => Tree::State(state),
            Some(t) if t.direction == Direction::Send => Tree::Out(branches),
            Some(t) => Tree::In(t.peer, branches),
        }
    }

    fn step(&self, (state, number): (usize, usize)) -> Option<&Transition> {
        self.sup.transitions(state).get(number)
    }

    /// What is left of a tree once an output is taken out of all its ways.
    fn output(
        &self,
        tree: &Tree,
        wanted: &Transition,
        path: &mut Vec<usize>,
    ) -> Result<Tree, Never> {
        let never = || {
            Never(format!(
                "the other does not always come to `{}`",
                self.sub.describe(wanted)
            ))
        };
        match tree {
            Tree::State(u) => {
                if path.contains(u) || self.sup.is_final(*u) {
                    return Err(never());
                }
                path.push(*u);
                let rest = self.output(&self.unfold(*u), wanted, path);
                path.pop();
                rest
            }
            Tree::In(peer, branches) => {
                let rest = branches
                    .iter()
                    .map(|(step, tree)| Ok((*step, Rc::new(self.output(tree, wanted, path)?))));
                Ok(Tree::In(*peer, rest.collect::<Result<_, Never>>()?))
            }
            Tree::Out(branches) => {
                let is_it = |t: &Transition| {
                    t.peer == wanted.peer && t.label == wanted.label && may_replace(wanted, t)
                };
                if let Some((_, rest)) = branches
                    .iter()
                    .find(|(step, _)| self.step(*step).is_some_and(is_it))
                {
                    return Ok((**rest).clone());
                }
                let others = branches
                    .iter()
                    .filter(|(step, _)| self.step(*step).is_some_and(|t| t.peer != wanted.peer));
                let rest: Vec<Branch> = others
                    .filter_map(|(step, tree)| {
                        Some((*step, Rc::new(self.output(tree, wanted, path).ok()?)))
                    })
                    .collect();
                if rest.is_empty() {
                    Err(never())
                } else {
                    Ok(Tree::Out(rest))
                }
            }
        }
    }

    /// The inputs from a role with which a tree may go on, and what is left of it then.
    fn inputs(&self, tree: &Tree, peer: usize, path: &mut Vec<usize>) -> Result<Vec<Input>, Never> {
        let name = || self.sub.role_name(peer);
        match tree {
            Tree::State(u) => {
                if path.contains(u) || self.sup.is_final(*u) {
                    return Err(Never(format!(
                        "the first waits for `{}`, from whom nothing comes",
                        name()
                    )));
                }
                path.push(*u);
                let found = self.inputs(&self.unfold(*u), peer, path);
                path.pop();
                found
            }
            Tree::Out(_) => Err(Never(format!(
                "the first waits for `{}`, who may wait for what the other sends before",
                name()
            ))),
            Tree::In(from, branches) if *from == peer => Ok(branches
                .iter()
                .map(|(step, tree)| (*step, (**tree).clone()))
                .collect()),
            Tree::In(from, branches) => {
                let mut found: Vec<((usize, usize), Vec<Branch>)> = Vec::new();
                for (step, tree) in branches {
                    for (input, rest) in self.inputs(tree, peer, path)? {
                        let same =
                            |other: &(usize, usize)| match (self.step(*other), self.step(input)) {
                                (Some(a), Some(b)) => {
                                    a.label == b.label
                                        && a.payload == b.payload
                                        && a.within == b.within
                                }
                                _ => false,
                            };
                        match found.iter_mut().find(|(other, _)| same(other)) {
                            Some((_, list)) => list.push((*step, Rc::new(rest))),
                            None => found.push((input, vec![(*step, Rc::new(rest))])),
                        }
                    }
                }
                Ok(found
                    .into_iter()
                    .map(|(input, list)| (input, Tree::In(*from, list)))
                    .collect())
            }
        }
    }

    /// Whether some way of running ahead postpones a step for ever.
    fn forgotten(&self) -> Subtyping {
        let mut waiting: BTreeSet<(Direction, usize)> = BTreeSet::new();
        let pending: Vec<BTreeSet<(Direction, usize)>> = self
            .list
            .iter()
            .map(|(_, tree)| self.pending(tree))
            .collect();
        pending.iter().for_each(|p| waiting.extend(p));
        for which in waiting {
            let (direction, peer) = which;
            let holds = |at: usize| pending.get(at).is_some_and(|p| p.contains(&which));
            let does = |at: usize, step: usize| {
                let state = self.list.get(at).map_or(0, |(s, _)| *s);
                let t = self.sub.transitions(state).get(step);
                t.is_some_and(|t| t.direction == direction && t.peer == peer)
            };
            let edges: Vec<(usize, usize)> = self
                .edges
                .iter()
                .filter(|(from, step, to)| holds(*from) && holds(*to) && !does(*from, *step))
                .map(|(from, _, to)| (*from, *to))
                .collect();
            if let Some(at) = on_a_cycle(self.list.len(), &edges) {
                let name = self.sub.role_name(peer);
                let reason = match direction {
                    Direction::Send => {
                        format!("the first may never send what the other sends to `{name}`")
                    }
                    _ => format!("the first may never receive what `{name}` sends"),
                };
                return Subtyping::No(Difference {
                    trace: self.trace(at),
                    reason,
                });
            }
        }
        Subtyping::Yes
    }

    /// The directions and peers of everything that is postponed.
    fn pending(&self, tree: &Tree) -> BTreeSet<(Direction, usize)> {
        let mut found = BTreeSet::new();
        let mut open = vec![tree];
        while let Some(tree) = open.pop() {
            if let Tree::In(_, branches) | Tree::Out(branches) = tree {
                for (step, rest) in branches {
                    found.extend(self.step(*step).map(|t| (t.direction, t.peer)));
                    open.push(rest);
                }
            }
        }
        found
    }

    fn trace(&self, at: usize) -> Vec<String> {
        let mut trace = Vec::new();
        let mut at = at;
        while let Some(Some((before, step))) = self.parents.get(at) {
            let state = self.list.get(*before).map_or(0, |(s, _)| *s);
            trace.extend(
                self.sub
                    .transitions(state)
                    .get(*step)
                    .map(|t| self.sub.describe(t)),
            );
            at = *before;
        }
        trace.reverse();
        trace
    }
}

/// Steps postponed at once.
fn depth(tree: &Tree) -> usize {
    match tree {
        Tree::State(_) => 0,
        Tree::In(_, branches) | Tree::Out(branches) => {
            1 + branches.iter().map(|(_, t)| depth(t)).max().unwrap_or(0)
        }
    }
}

/// A node on a cycle: one that is left when nodes without incoming edges are taken away again and again.
fn on_a_cycle(count: usize, edges: &[(usize, usize)]) -> Option<usize> {
    let mut incoming = vec![0_usize; count];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(from, to) in edges {
        if let (Some(n), Some(list)) = (incoming.get_mut(to), after.get_mut(from)) {
            *n += 1;
            list.push(to);
        }
    }
    let mut open: Vec<usize> = (0..count)
        .filter(|i| incoming.get(*i) == Some(&0))
        .collect();
    while let Some(at) = open.pop() {
        for &to in after.get(at).into_iter().flatten() {
            if let Some(n) = incoming.get_mut(to) {
                *n -= 1;
                if *n == 0 {
                    open.push(to);
                }
            }
        }
    }
    incoming.iter().position(|n| *n > 0)
}
