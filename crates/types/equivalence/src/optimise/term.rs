//! Pipelines as terms of an e-graph.

use egg::{ENodeOrVar, FlatTerm, Id, Language, PatternAst, RecExpr, Var};

use crate::path::{Position, Side};
use crate::pipeline::{Binary, Pipeline, Stage};

/// A list is `Nil` or `Cons`; a stage is a leaf or has two lists for branches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Node {
    Nil,
    Cons([Id; 2]),
    /// A stage without branches.
    Leaf(Stage),
    Tee(Binary, [Id; 2]),
    Merge([Id; 2]),
}

impl Language for Node {
    type Discriminant = (u8, Option<Binary>);

    fn discriminant(&self) -> Self::Discriminant {
        match self {
            Self::Nil => (0, None),
            Self::Cons(_) => (1, None),
            Self::Leaf(_) => (2, None),
            Self::Tee(op, _) => (3, Some(*op)),
            Self::Merge(_) => (4, None),
        }
    }

    fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Leaf(a), Self::Leaf(b)) => a == b,
            _ => self.discriminant() == other.discriminant(),
        }
    }

    fn children(&self) -> &[Id] {
        match self {
            Self::Nil | Self::Leaf(_) => &[],
            Self::Cons(ids) | Self::Tee(_, ids) | Self::Merge(ids) => ids,
        }
    }

    fn children_mut(&mut self) -> &mut [Id] {
        match self {
            Self::Nil | Self::Leaf(_) => &mut [],
            Self::Cons(ids) | Self::Tee(_, ids) | Self::Merge(ids) => ids,
        }
    }
}

/// Where nodes are added: a term, or a pattern.
pub(super) trait Builder {
    fn node(&mut self, node: Node) -> Id;

    fn stage(&mut self, stage: &Stage) -> Id {
        match stage {
            Stage::Tee(op, a, b) => {
                let ids = [self.whole(a.stages()), self.whole(b.stages())];
                self.node(Node::Tee(*op, ids))
            }
            Stage::Merge(a, b) => {
                let ids = [self.whole(a.stages()), self.whole(b.stages())];
                self.node(Node::Merge(ids))
            }
            leaf => self.node(Node::Leaf(leaf.clone())),
        }
    }

    /// The list of `stages` that goes on with `rest`.
    fn list(&mut self, stages: &[Stage], rest: Id) -> Id {
        stages.iter().rev().fold(rest, |rest, stage| {
            let stage = self.stage(stage);
            self.node(Node::Cons([stage, rest]))
        })
    }

    fn whole(&mut self, stages: &[Stage]) -> Id {
        let end = self.node(Node::Nil);
        self.list(stages, end)
    }
}

impl Builder for RecExpr<Node> {
    fn node(&mut self, node: Node) -> Id {
        self.add(node)
    }
}

impl Builder for PatternAst<Node> {
    fn node(&mut self, node: Node) -> Id {
        self.add(ENodeOrVar::ENode(node))
    }
}

pub(super) fn term(pipeline: &Pipeline) -> RecExpr<Node> {
    let mut term = RecExpr::default();
    term.whole(pipeline.stages());
    term
}

/// The pattern of `stages` that goes on with whatever `rest` is bound to.
pub(super) fn pattern(stages: &[Stage], rest: Var) -> PatternAst<Node> {
    let mut pattern = PatternAst::default();
    let rest = pattern.add(ENodeOrVar::Var(rest));
    pattern.list(stages, rest);
    pattern
}

/// The stages of a list; `None` for what is no list.
pub(super) fn stages_of(flat: &FlatTerm<Node>) -> Option<Vec<Stage>> {
    let mut found = Vec::new();
    let mut now = flat;
    while let [head, rest] = now.children.as_slice() {
        found.push(stage_of(head)?);
        now = rest;
    }
    (now.node == Node::Nil).then_some(found)
}

fn stage_of(flat: &FlatTerm<Node>) -> Option<Stage> {
    let branch = |i: usize| Pipeline::new(stages_of(flat.children.get(i)?)?).ok();
    match &flat.node {
        Node::Leaf(stage) => Some(stage.clone()),
        Node::Tee(op, _) => Some(Stage::Tee(*op, branch(0)?, branch(1)?)),
        Node::Merge(_) => Some(Stage::Merge(branch(0)?, branch(1)?)),
        Node::Nil | Node::Cons(_) => None,
    }
}

/// The rule that made this term of the one before, whether backward, and the place.
pub(super) fn mark(flat: &FlatTerm<Node>) -> Option<(String, bool, Position)> {
    let mut now = flat;
    let mut at = 0;
    loop {
        let here = || Position {
            branches: Vec::new(),
            at,
        };
        if let Some(rule) = now.forward_rule {
            return Some((rule.to_string(), false, here()));
        }
        if let Some(rule) = now.backward_rule {
            return Some((rule.to_string(), true, here()));
        }
        let [head, rest] = now.children.as_slice() else {
            return None;
        };
        for (branch, side) in head.children.iter().zip([Side::Left, Side::Right]) {
            if let Some((rule, is_backward, mut place)) = mark(branch) {
                place.branches.insert(0, (at, side));
                return Some((rule, is_backward, place));
            }
        }
        now = rest;
        at += 1;
    }
}
