//! A protocol with all names and numbers replaced by what they stand for: a graph of messages and choices.
//!
//! What follows a choice is shared by its branches and loops are edges, so the graph is as large as the text but for `for`
//! and `do`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::ast::{
    Crash, Expr, ExprKind, Global, GlobalKind, Op, Payload, Protocol, Range, Role, RoleRef,
};
use crate::{Diagnostic, Span};

/// Most steps of a protocol once `for` and `do` are written out.
pub const MAX_STEPS: usize = 100_000;
/// Most roles of a protocol, the members of families counted each.
pub const MAX_ROLES: usize = 256;
/// Blocks inside each other, those of inlined protocols included.
const MAX_NESTING: usize = 192;

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

type Built<T> = Result<T, Box<Diagnostic>>;

/// The end of every protocol.
const END: usize = 0;

impl Graph {
    /// Writes the protocol out; its names must be resolved.
    pub(crate) fn new(protocol: &Protocol) -> Built<Self> {
        let mut values = BTreeMap::new();
        for param in &protocol.params {
            let Some(value) = param.value else {
                let d = Diagnostic::new(
                    param.name.span,
                    format!("parameter `{}` has no value", param.name),
                );
                return fail(d.advice(format!(
                    "write `{} = 3`, or give it one by `with`",
                    param.name
                )));
            };
            values.insert(param.name.text.clone(), i64::from(value));
        }
        let mut roles: Vec<Role> = Vec::new();
        let mut players = BTreeMap::new();
        for decl in &protocol.roles {
            let name = &decl.name.text;
            let first = roles.len();
            let player = match &decl.size {
                None => {
                    roles.push(Role::new(name.clone()));
                    Player::One(first)
                }
                Some(size) => {
                    let count = number(size, &values, None)?;
                    let fits = usize::try_from(count)
                        .ok()
                        .filter(|n| (1..=MAX_ROLES).contains(n));
                    let Some(count) = fits else {
                        let d = Diagnostic::new(
                            size.span,
                            format!("family `{name}` has {count} members"),
                        );
                        return fail(d.advice(format!("give it 1 to {MAX_ROLES}")));
                    };
                    roles.extend(
                        (0_u32..)
                            .take(count)
                            .map(|i| Role::indexed(name.clone(), i)),
                    );
                    Player::Family((first..first + count).collect())
                }
            };
            players.insert(name.clone(), player);
            if roles.len() > MAX_ROLES {
                let d = Diagnostic::new(
                    decl.name.span,
                    format!("there are more than {MAX_ROLES} roles"),
                );
                return fail(d.advice("make a family smaller"));
            }
        }
        let mut builder = Builder {
            nodes: vec![Node::End],
            steps: 0,
            roles: &roles,
        };
        let scene = Scene {
            players,
            values,
            loops: BTreeMap::new(),
            crashes: Vec::new(),
            place: None,
            depth: 0,
        };
        let start = builder.steps(&protocol.body, &scene, END)?;
        let mut graph = Self {
            nodes: builder.nodes,
            start,
            roles: roles.into(),
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

/// Who plays a name.
#[derive(Debug, Clone)]
enum Player {
    One(usize),
    Family(Vec<usize>),
}

/// What names stand for at a place.
#[derive(Debug, Clone)]
struct Scene {
    players: BTreeMap<String, Player>,
    values: BTreeMap<String, i64>,
    loops: BTreeMap<String, usize>,
    /// Who may be gone, and where the others go on; the innermost last.
    crashes: Vec<(usize, usize)>,
    /// The `do` that this is part of.
    place: Option<Span>,
    depth: usize,
}

struct Builder<'a> {
    nodes: Vec<Node>,
    steps: usize,
    roles: &'a [Role],
}

fn fail<T>(diagnostic: Diagnostic) -> Built<T> {
    Err(Box::new(diagnostic))
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
        let span = scene.place.unwrap_or(step.span);
        self.steps += 1;
        if self.steps > MAX_STEPS {
            let d = Diagnostic::new(
                span,
                format!("this protocol has more than {MAX_STEPS} steps once it is written out"),
            );
            return fail(d.advice("write `rec` for loops, or make its families smaller"));
        }
        if scene.depth > MAX_NESTING {
            let d = Diagnostic::new(
                span,
                format!("protocols are inlined into each other deeper than {MAX_NESTING} levels"),
            );
            return fail(
                d.advice("write part of it as a protocol of its own and delegate its session"),
            );
        }
        match &step.kind {
            GlobalKind::Comment(_) => Ok(then),
            GlobalKind::Message(m) => {
                let (from, to) = (role(&m.from, scene)?, role(&m.to, scene)?);
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
                let at = role(&choice.at, scene)?;
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
            GlobalKind::Do(call) => self.call(call, scene, span, then),
            GlobalKind::For(each) => {
                let numbers: Vec<i64> = match &each.range {
                    Range::Family(name) => match scene.players.get(&name.text) {
                        Some(Player::Family(members)) => (0_i64..).take(members.len()).collect(),
                        _ => Vec::new(),
                    },
                    Range::Numbers(from, to) => {
                        let (from, to) = (
                            number(from, &scene.values, scene.place)?,
                            number(to, &scene.values, scene.place)?,
                        );
                        let most = i64::try_from(MAX_STEPS).unwrap_or(i64::MAX);
                        if to - from > most {
                            let d = Diagnostic::new(
                                span,
                                format!("this `for` goes {} times", to - from),
                            );
                            return fail(d.advice(format!(
                                "at most {MAX_STEPS} steps are written out; write `rec`"
                            )));
                        }
                        (from..to).collect()
                    }
                };
                let mut inner = scene.deeper();
                numbers.into_iter().rev().try_fold(then, |then, i| {
                    inner.values.insert(each.variable.text.clone(), i);
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
            let who = role(&crash.role, scene)?;
            let span = scene.place.unwrap_or(crash.span);
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

    fn call(
        &mut self,
        call: &crate::ast::Do,
        scene: &Scene,
        span: Span,
        then: usize,
    ) -> Built<usize> {
        let Some(target) = &call.target else {
            let d = Diagnostic::new(
                span,
                format!("protocol `{}` was not resolved", call.protocol),
            );
            return fail(d.advice("protocols that inline others come from `parse`"));
        };
        let mut values = BTreeMap::new();
        for (i, param) in target.params.iter().enumerate() {
            let value = match call.values.get(i) {
                Some(expr) => number(expr, &scene.values, scene.place)?,
                None => i64::from(param.value.unwrap_or(0)),
            };
            values.insert(param.name.text.clone(), value);
        }
        let mut players = BTreeMap::new();
        let mut taken: Vec<usize> = Vec::new();
        for (decl, given) in target.roles.iter().zip(&call.roles) {
            let player = match &given.index {
                None => scene.players.get(&given.name.text).cloned(),
                Some(_) => Some(Player::One(role(given, scene)?)),
            };
            let Some(player) = player else {
                return fail(Diagnostic::new(span, format!("there is no role `{given}`")));
            };
            let expected = match &decl.size {
                None => None,
                Some(size) => Some(number(size, &values, Some(span))?),
            };
            let members = match (&player, expected) {
                (Player::One(one), None) => std::slice::from_ref(one),
                (Player::Family(members), Some(count))
                    if i64::try_from(members.len()).is_ok_and(|n| n == count) =>
                {
                    members
                }
                (_, expected) => {
                    let wanted = expected
                        .map_or_else(|| "one role".to_owned(), |n| format!("a family of {n}"));
                    let d = Diagnostic::new(
                        span,
                        format!(
                            "`{given}` cannot play `{}` of `{}`",
                            decl.name, call.protocol
                        ),
                    );
                    return fail(d.advice(format!("`{}` is {wanted}", decl.name)));
                }
            };
            if let Some(twice) = members.iter().find(|m| taken.contains(m)) {
                let d = Diagnostic::new(
                    span,
                    format!(
                        "`{}` plays two roles of `{}`",
                        self.role(*twice),
                        call.protocol
                    ),
                );
                return fail(d.advice("give each role to another"));
            }
            taken.extend(members);
            players.insert(decl.name.text.clone(), player);
        }
        let inner = Scene {
            players,
            values,
            loops: BTreeMap::new(),
            crashes: scene.crashes.clone(),
            place: Some(span),
            depth: scene.depth + 1,
        };
        self.steps(&target.body, &inner, then)
    }

    fn role(&self, at: usize) -> String {
        self.roles
            .get(at)
            .map_or_else(String::new, ToString::to_string)
    }
}

impl Scene {
    fn deeper(&self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self.clone()
        }
    }
}

fn span_start(span: Span) -> Span {
    Span::new(span.start, span.start)
}

fn role(given: &RoleRef, scene: &Scene) -> Built<usize> {
    let span = scene.place.unwrap_or_else(|| given.span());
    match (scene.players.get(&given.name.text), &given.index) {
        (Some(Player::One(at)), None) => Ok(*at),
        (Some(Player::Family(members)), Some(index)) => {
            let i = number(index, &scene.values, scene.place)?;
            let found = usize::try_from(i).ok().and_then(|i| members.get(i));
            found.copied().ok_or_else(|| {
                let name = &given.name;
                let d = Diagnostic::new(span, format!("there is no `{name}[{i}]`"));
                let advice = format!(
                    "`{name}` has {} members, numbered from 0; `% {}` wraps around",
                    members.len(),
                    members.len()
                );
                Box::new(d.advice(advice))
            })
        }
        _ => fail(Diagnostic::new(span, format!("there is no role `{given}`"))),
    }
}

/// The value of an expression; `place` is what to complain about instead of the expression.
fn number(expr: &Expr, values: &BTreeMap<String, i64>, place: Option<Span>) -> Built<i64> {
    let span = place.unwrap_or(expr.span);
    match &expr.kind {
        ExprKind::Number(n) => Ok(i64::from(*n)),
        ExprKind::Name(name) => values.get(name).copied().ok_or_else(|| {
            Box::new(Diagnostic::new(
                span,
                format!("there is no number `{name}`"),
            ))
        }),
        ExprKind::Binary(op, left, right) => {
            let (a, b) = (number(left, values, place)?, number(right, values, place)?);
            let value = match op {
                Op::Add => a.checked_add(b),
                Op::Subtract => a.checked_sub(b),
                Op::Multiply => a.checked_mul(b),
                Op::Remainder => a.checked_rem_euclid(b),
            };
            let small = value.filter(|v| v.unsigned_abs() <= u64::from(u32::MAX));
            small.ok_or_else(|| {
                Box::new(
                    Diagnostic::new(span, format!("`{expr}` has no value: {a} and {b}"))
                        .advice("divide by no zero, and stay below 2^32"),
                )
            })
        }
    }
}
