//! A protocol with all names and numbers replaced by what they stand for: a graph of messages and choices.
//!
//! What follows a choice is shared by its branches and loops are edges, so the graph is as large as the text but for `for`
//! and `do`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::ast::{Crash, Global, GlobalKind, Payload, Protocol, Role};
use crate::scene::{Built, Scene, fail};
use crate::{Diagnostic, Span};

/// Most steps of a protocol once `for` and `do` are written out.
pub const MAX_STEPS: usize = 100_000;
/// Most roles of a protocol, the members of families counted each.
pub const MAX_ROLES: usize = 256;

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: Arc<str>,
    pub(crate) payload: Arc<[Payload]>,
    pub(crate) within: Option<Duration>,
    pub(crate) next: usize,
    /// Where the receiver goes on when the sender is gone.
    pub(crate) crash: Option<usize>,
    pub(crate) span: Span,
}

impl Message {
    /// Whether both are the same to whoever sees only one of them.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        self.from == other.from && self.to == other.to && self.label == other.label
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Node {
    End,
    Message(Message),
    /// Every branch is a message of `at`, or another choice of it.
    Choice {
        at: usize,
        branches: Vec<usize>,
        span: Span,
    },
    /// Goes on elsewhere; none is left in a finished graph.
    Jump(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Graph {
    pub(crate) roles: Arc<[Role]>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) start: usize,
}

/// The end of every protocol.
const END: usize = 0;

impl Graph {
    /// Writes the protocol out; its names must be resolved.
    pub(crate) fn new(protocol: &Protocol) -> Built<Self> {
        let (roles, scene) = Scene::new(protocol)?;
        let mut builder = Builder {
            nodes: vec![Node::End],
            steps: 0,
            roles: &roles,
        };
        let start = builder.steps(&protocol.body, &scene, END)?;
        let mut graph = Self {
            nodes: builder.nodes,
            start,
            roles,
        };
        graph.follow_jumps(protocol.name.span)?;
        graph.check_choices()?;
        Ok(graph)
    }

    pub(crate) fn node(&self, at: usize) -> &Node {
        self.nodes.get(at).unwrap_or(&Node::End)
    }

    pub(crate) fn role(&self, at: usize) -> String {
        self.roles
            .get(at)
            .map_or_else(|| at.to_string(), ToString::to_string)
    }

    /// Replaces every edge to a jump by an edge to where it leads.
    fn follow_jumps(&mut self, place: Span) -> Built<()> {
        let mut leads: Vec<usize> = (0..self.nodes.len()).collect();
        for at in 0..self.nodes.len() {
            let mut to = at;
            let mut hops = 0;
            while let Node::Jump(next) = self.node(to) {
                to = *next;
                hops += 1;
                if hops > self.nodes.len() {
                    let d = Diagnostic::new(place, "a loop goes back without a message");
                    return fail(d.advice("put a message before its `continue`"));
                }
                if to < at
                    && let Some(known) = leads.get(to)
                {
                    to = *known;
                }
            }
            if let Some(slot) = leads.get_mut(at) {
                *slot = to;
            }
        }
        let lead = |at: &mut usize| *at = leads.get(*at).copied().unwrap_or(END);
        for node in &mut self.nodes {
            match node {
                Node::Message(m) => {
                    lead(&mut m.next);
                    m.crash.as_mut().map(lead);
                }
                Node::Choice { branches, .. } => branches.iter_mut().for_each(lead),
                Node::End | Node::Jump(_) => {}
            }
        }
        lead(&mut self.start);
        Ok(())
    }

    /// The messages that a choice may begin with; fails when a branch begins otherwise.
    pub(crate) fn heads(&self, choice: usize) -> Built<Vec<usize>> {
        let Node::Choice { at: who, span, .. } = self.node(choice) else {
            return Ok(vec![choice]);
        };
        let mut seen = std::collections::BTreeSet::new();
        let mut open = vec![choice];
        let mut heads = Vec::new();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            match self.node(at) {
                Node::Choice {
                    at: other,
                    branches,
                    ..
                } if other == who => open.extend(branches.iter().rev()),
                Node::Message(m) if m.from == *who => heads.push(at),
                other => {
                    let who = self.role(*who);
                    let (message, place) = match other {
                        Node::Message(m) => (
                            format!(
                                "a branch of the choice at `{who}` begins with `{}` from `{}`",
                                m.label,
                                self.role(m.from)
                            ),
                            Some(m.span),
                        ),
                        Node::Choice { at, span, .. } => (
                            format!(
                                "a branch of the choice at `{who}` begins with a choice at `{}`",
                                self.role(*at)
                            ),
                            Some(*span),
                        ),
                        Node::End | Node::Jump(_) => (
                            format!("a branch of the choice at `{who}` has no message"),
                            None,
                        ),
                    };
                    let mut d = Diagnostic::new(*span, message)
                        .advice(format!("begin every branch with a message from `{who}`, which is how the others learn of its choice"));
                    if let Some(place) = place {
                        d = d.related(place, format!("this is not from `{who}`"));
                    }
                    return fail(d);
                }
            }
        }
        Ok(heads)
    }

    fn check_choices(&self) -> Built<()> {
        for (at, node) in self.nodes.iter().enumerate() {
            let Node::Choice { at: who, span, .. } = node else {
                continue;
            };
            let heads = self.heads(at)?;
            if heads.is_empty() {
                let d = Diagnostic::new(*span, "this choice goes back to itself without a message");
                return fail(d.advice("put a message before its `continue`"));
            }
            let mut known: BTreeMap<(usize, &str), Span> = BTreeMap::new();
            for head in heads {
                if let Node::Message(m) = self.node(head)
                    && let Some(first) = known.insert((m.to, &m.label), m.span)
                {
                    let message = format!(
                        "two branches of the choice at `{}` begin with `{}` to `{}`",
                        self.role(*who),
                        m.label,
                        self.role(m.to)
                    );
                    let d = Diagnostic::new(m.span, message).related(first, "the first one");
                    return fail(
                        d.advice("rename one, so that the label says which branch was chosen"),
                    );
                }
            }
        }
        Ok(())
    }
}

struct Builder<'a> {
    nodes: Vec<Node>,
    steps: usize,
    roles: &'a [Role],
}

impl Builder<'_> {
    fn push(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The steps, and then `then`.
    fn steps(&mut self, steps: &[Global], scene: &Scene, then: usize) -> Built<usize> {
        steps
            .iter()
            .rev()
            .try_fold(then, |then, step| self.step(step, scene, then))
    }

    fn step(&mut self, step: &Global, scene: &Scene, then: usize) -> Built<usize> {
        let span = scene.place(step.span);
        self.steps += 1;
        scene.check_size(self.steps, span)?;
        match &step.kind {
            GlobalKind::Comment(_) => Ok(then),
            GlobalKind::Message(m) => {
                let (from, to) = (scene.role(&m.from)?, scene.role(&m.to)?);
                if from == to {
                    let d = Diagnostic::new(
                        span,
                        format!("`{}` goes from `{}` to itself", m.label, self.role(from)),
                    );
                    return fail(
                        d.advice("a message needs two roles; leave out what one role does alone"),
                    );
                }
                let crash = scene
                    .crashes
                    .iter()
                    .rev()
                    .find(|(who, _)| *who == from)
                    .map(|(_, at)| *at);
                Ok(self.push(Node::Message(Message {
                    from,
                    to,
                    label: m.label.text.as_str().into(),
                    payload: m.payload.clone().into(),
                    within: m.within,
                    next: then,
                    crash,
                    span,
                })))
            }
            GlobalKind::Choice(choice) => {
                let at = scene.role(&choice.at)?;
                let inner = self.crashing(&choice.crashes, scene)?;
                let branches = choice.branches.iter().map(|b| self.steps(b, &inner, then));
                let branches = branches.collect::<Built<Vec<usize>>>()?;
                Ok(self.push(Node::Choice {
                    at,
                    branches,
                    span: choice.at.span().to(span_start(span)),
                }))
            }
            GlobalKind::Scope(scope) => {
                let inner = self.crashing(&scope.crashes, scene)?;
                self.steps(&scope.body, &inner, then)
            }
            GlobalKind::Rec(rec) => {
                let jump = self.push(Node::Jump(END));
                let mut inner = scene.deeper();
                inner.loops.insert(rec.name.text.clone(), jump);
                let body = self.steps(&rec.body, &inner, then)?;
                if let Some(slot) = self.nodes.get_mut(jump) {
                    *slot = Node::Jump(body);
                }
                if body == jump {
                    let d = Diagnostic::new(
                        span,
                        format!("loop `{}` goes back without a message", rec.name),
                    );
                    return fail(d.advice("put a message before its `continue`"));
                }
                Ok(jump)
            }
            GlobalKind::Continue(name) => Ok(scene.loops.get(&name.text).copied().unwrap_or(END)),
            GlobalKind::Do(call) => {
                let (target, inner) = scene.called(call, span, self.roles)?;
                self.steps(&target.body, &inner, then)
            }
            GlobalKind::For(each) => {
                let mut inner = scene.deeper();
                scene
                    .numbers(&each.range, span)?
                    .rev()
                    .try_fold(then, |then, i| {
                        inner.set(&each.variable.text, i);
                        self.steps += 1;
                        self.steps(&each.body, &inner, then)
                    })
            }
        }
    }

    /// The scene inside steps that these crashes belong to.
    fn crashing(&mut self, crashes: &[Crash], scene: &Scene) -> Built<Scene> {
        let mut inner = scene.deeper();
        let mut mine: Vec<usize> = Vec::new();
        for crash in crashes {
            let who = scene.role(&crash.role)?;
            let span = scene.place(crash.span);
            if mine.contains(&who) {
                let d = Diagnostic::new(
                    span,
                    format!("two `crash {}` stand behind the same steps", self.role(who)),
                );
                return fail(d.advice("join them"));
            }
            mine.push(who);
            let mut gone = scene.deeper();
            gone.loops.clear();
            gone.crashes.retain(|(other, _)| *other != who);
            let from = self.nodes.len();
            let at = self.steps(&crash.body, &gone, END)?;
            let named =
                self.nodes
                    .get(from..)
                    .unwrap_or_default()
                    .iter()
                    .find_map(|node| match node {
                        Node::Message(m) if m.from == who || m.to == who => Some(m.span),
                        Node::Choice { at, span, .. } if *at == who => Some(*span),
                        _ => None,
                    });
            if let Some(place) = named {
                let d = Diagnostic::new(
                    place,
                    format!(
                        "`{}` is gone here, it neither sends nor receives",
                        self.role(who)
                    ),
                );
                return fail(
                    d.related(span, "since this crash")
                        .advice("let the others finish without it"),
                );
            }
            inner.crashes.push((who, at));
        }
        Ok(inner)
    }

    fn role(&self, at: usize) -> String {
        self.roles
            .get(at)
            .map_or_else(String::new, ToString::to_string)
    }
}

fn span_start(span: Span) -> Span {
    Span::new(span.start, span.start)
}
