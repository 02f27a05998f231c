//! A protocol with `for` and `do` written out, as steps that can be drawn.

use crate::Span;
use crate::ast::{
    Choice, Crash, Expr, ExprKind, Global, GlobalKind, Message, Name, Protocol, Rec, Role, RoleRef,
    Scope,
};
use crate::scene::{Built, Scene};

/// The steps of the protocol without `for`, `do` and expressions.
pub(crate) fn unroll(protocol: &Protocol) -> Built<Vec<Global>> {
    let (roles, scene) = Scene::new(protocol)?;
    let mut unroller = Unroller {
        roles: &roles,
        steps: 0,
    };
    unroller.steps(&protocol.body, &scene)
}

struct Unroller<'a> {
    roles: &'a [Role],
    steps: usize,
}

impl Unroller<'_> {
    fn steps(&mut self, steps: &[Global], scene: &Scene) -> Built<Vec<Global>> {
        let mut out = Vec::new();
        for step in steps {
            self.steps += 1;
            scene.check_size(self.steps, step.span)?;
            self.step(step, scene, &mut out)?;
        }
        Ok(out)
    }

    fn step(&mut self, step: &Global, scene: &Scene, out: &mut Vec<Global>) -> Built<()> {
        let kind = match &step.kind {
            GlobalKind::Comment(_) => return Ok(()),
            GlobalKind::Continue(name) => GlobalKind::Continue(name.clone()),
            GlobalKind::Message(m) => GlobalKind::Message(Message {
                from: self.role(&m.from, scene)?,
                to: self.role(&m.to, scene)?,
                ..m.clone()
            }),
            GlobalKind::Choice(choice) => GlobalKind::Choice(Choice {
                at: self.role(&choice.at, scene)?,
                branches: choice
                    .branches
                    .iter()
                    .map(|b| self.steps(b, &scene.deeper()))
                    .collect::<Built<_>>()?,
                crashes: self.crashes(&choice.crashes, scene)?,
            }),
            GlobalKind::Scope(scope) => GlobalKind::Scope(Scope {
                body: self.steps(&scope.body, &scene.deeper())?,
                crashes: self.crashes(&scope.crashes, scene)?,
            }),
            GlobalKind::Rec(rec) => GlobalKind::Rec(Rec {
                name: rec.name.clone(),
                body: self.steps(&rec.body, &scene.deeper())?,
            }),
            GlobalKind::Do(call) => {
                let (target, inner) = scene.called(call, step.span, self.roles)?;
                out.extend(self.steps(&target.body, &inner)?);
                return Ok(());
            }
            GlobalKind::For(each) => {
                let mut inner = scene.deeper();
                for i in scene.numbers(&each.range, step.span)? {
                    inner.set(&each.variable.text, i);
                    self.steps += 1;
                    out.extend(self.steps(&each.body, &inner)?);
                }
                return Ok(());
            }
        };
        out.push(Global {
            kind,
            span: step.span,
        });
        Ok(())
    }

    fn crashes(&mut self, crashes: &[Crash], scene: &Scene) -> Built<Vec<Crash>> {
        let one = |crash: &Crash| {
            Ok(Crash {
                role: self.role(&crash.role, scene)?,
                body: self.steps(&crash.body, &scene.deeper())?,
                span: crash.span,
            })
        };
        crashes.iter().map(one).collect()
    }

    fn role(&self, role: &RoleRef, scene: &Scene) -> Built<RoleRef> {
        let at = scene.role(role)?;
        let Some(role) = self.roles.get(at) else {
            return Ok(role.clone());
        };
        let index = role.index.map(|i| Expr {
            kind: ExprKind::Number(i),
            span: Span::default(),
        });
        Ok(RoleRef {
            name: Name::new(role.name.clone()),
            index,
        })
    }
}
