//! What names stand for at a place of a protocol.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ast::{Do, Expr, ExprKind, Op, Protocol, Range, Role, RoleRef};
use crate::graph::{MAX_ROLES, MAX_STEPS};
use crate::{Diagnostic, Span};

pub(crate) type Built<T> = Result<T, Box<Diagnostic>>;

/// Blocks inside each other, those of inlined protocols included.
const MAX_NESTING: usize = 192;

/// Who plays a name.
#[derive(Debug, Clone)]
pub(crate) enum Player {
    One(usize),
    Family(Vec<usize>),
}

#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) players: BTreeMap<String, Player>,
    values: BTreeMap<String, i64>,
    /// Where each loop around begins.
    pub(crate) loops: BTreeMap<String, usize>,
    /// Who may be gone, and where the others go on; the innermost last.
    pub(crate) crashes: Vec<(usize, usize)>,
    /// The `do` that this is part of.
    place: Option<Span>,
    depth: usize,
}

pub(crate) fn fail<T>(diagnostic: Diagnostic) -> Built<T> {
    Err(Box::new(diagnostic))
}

impl Scene {
    /// The scene at the beginning of a protocol, and its roles.
    pub(crate) fn new(protocol: &Protocol) -> Built<(Arc<[Role]>, Self)> {
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
        let scene = Self {
            players,
            values,
            loops: BTreeMap::new(),
            crashes: Vec::new(),
            place: None,
            depth: 0,
        };
        Ok((roles.into(), scene))
    }

    pub(crate) fn deeper(&self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self.clone()
        }
    }

    /// What to complain about instead of `span`: the `do` that it is part of.
    pub(crate) fn place(&self, span: Span) -> Span {
        self.place.unwrap_or(span)
    }

    /// Gives the variable of a `for` its next value.
    pub(crate) fn set(&mut self, variable: &str, value: i64) {
        self.values.insert(variable.to_owned(), value);
    }

    /// Fails where a protocol becomes too large or too deep.
    pub(crate) fn check_size(&self, steps: usize, span: Span) -> Built<()> {
        let span = self.place(span);
        if steps > MAX_STEPS {
            let d = Diagnostic::new(
                span,
                format!("this protocol has more than {MAX_STEPS} steps once it is written out"),
            );
            return fail(d.advice("write `rec` for loops, or make its families smaller"));
        }
        if self.depth > MAX_NESTING {
            let d = Diagnostic::new(
                span,
                format!("protocols are inlined into each other deeper than {MAX_NESTING} levels"),
            );
            return fail(
                d.advice("write part of it as a protocol of its own and delegate its session"),
            );
        }
        Ok(())
    }

    /// The number of a role.
    pub(crate) fn role(&self, given: &RoleRef) -> Built<usize> {
        let span = self.place(given.span());
        match (self.players.get(&given.name.text), &given.index) {
            (Some(Player::One(at)), None) => Ok(*at),
            (Some(Player::Family(members)), Some(index)) => {
                let i = self.number(index)?;
                let found = usize::try_from(i).ok().and_then(|i| members.get(i));
                found.copied().ok_or_else(|| {
                    let (name, count) = (&given.name, members.len());
                    let d = Diagnostic::new(span, format!("there is no `{name}[{i}]`"));
                    let advice = format!(
                        "`{name}` has {count} members, numbered from 0; `% {count}` wraps around"
                    );
                    Box::new(d.advice(advice))
                })
            }
            _ => fail(Diagnostic::new(span, format!("there is no role `{given}`"))),
        }
    }

    fn number(&self, expr: &Expr) -> Built<i64> {
        number(expr, &self.values, self.place)
    }

    /// The numbers of a `for`.
    pub(crate) fn numbers(&self, range: &Range, span: Span) -> Built<std::ops::Range<i64>> {
        match range {
            Range::Family(name) => {
                let members = self.players.get(&name.text).map_or(0, |p| match p {
                    Player::One(_) => 0,
                    Player::Family(members) => members.len(),
                });
                Ok(0..i64::try_from(members).unwrap_or(0))
            }
            Range::Numbers(from, to) => {
                let (from, to) = (self.number(from)?, self.number(to)?);
                if to - from > i64::try_from(MAX_STEPS).unwrap_or(i64::MAX) {
                    let d = Diagnostic::new(
                        self.place(span),
                        format!("this `for` goes {} times", to - from),
                    );
                    return fail(d.advice(format!(
                        "at most {MAX_STEPS} steps are written out; write `rec`"
                    )));
                }
                Ok(from..to)
            }
        }
    }

    /// The protocol that a `do` inlines, and the scene inside it.
    pub(crate) fn called(
        &self,
        call: &Do,
        span: Span,
        roles: &[Role],
    ) -> Built<(Arc<Protocol>, Self)> {
        let span = self.place(span);
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
                Some(expr) => self.number(expr)?,
                None => i64::from(param.value.unwrap_or(0)),
            };
            values.insert(param.name.text.clone(), value);
        }
        let mut players = BTreeMap::new();
        let mut taken: Vec<usize> = Vec::new();
        for (decl, given) in target.roles.iter().zip(&call.roles) {
            let player = match &given.index {
                None => self.players.get(&given.name.text).cloned(),
                Some(_) => Some(Player::One(self.role(given)?)),
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
                (Player::Family(members), Some(n))
                    if i64::try_from(members.len()).is_ok_and(|len| len == n) =>
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
                let name = roles
                    .get(*twice)
                    .map_or_else(String::new, ToString::to_string);
                let d = Diagnostic::new(
                    span,
                    format!("`{name}` plays two roles of `{}`", call.protocol),
                );
                return fail(d.advice("give each role to another"));
            }
            taken.extend(members);
            players.insert(decl.name.text.clone(), player);
        }
        let inner = Self {
            players,
            values,
            loops: BTreeMap::new(),
            crashes: self.crashes.clone(),
            place: Some(span),
            depth: self.depth + 1,
        };
        Ok((Arc::clone(target), inner))
    }
}

/// The value of an expression; `place` is what to complain about instead of the expression.
fn number(expr: &Expr, values: &BTreeMap<String, i64>, place: Option<Span>) -> Built<i64> {
    let span = place.unwrap_or(expr.span);
    match &expr.kind {
        ExprKind::Number(n) => Ok(i64::from(*n)),
        ExprKind::Name(name) => {
            let value = values.get(name).copied();
            value.ok_or_else(|| {
                Box::new(Diagnostic::new(
                    span,
                    format!("there is no number `{name}`"),
                ))
            })
        }
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
                let d = Diagnostic::new(span, format!("`{expr}` of {a} and {b} has no value"));
                Box::new(d.advice("divide by no zero, and stay below 2^32"))
            })
        }
    }
}
