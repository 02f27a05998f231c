//! `match`: nothing is left out, and nothing is looked at in vain.

use std::sync::Arc;

use super::Checker;
use super::convert::{count, flexible};
use super::names::Names;
use crate::ast::{self, Expr, Name, Pattern};
use crate::node::{Arm, ArmPattern, Local, Node, Typed};
use crate::{Diagnostic, EnumType, Span, Type};

/// The alternatives of what is looked at.
enum Alternatives {
    Option(Type),
    Enum(Arc<EnumType>),
}

impl Alternatives {
    /// Names of all of them.
    fn names(&self) -> Vec<String> {
        match self {
            Self::Option(_) => vec!["some(…)".to_owned(), "none".to_owned()],
            Self::Enum(of) => of.variants.iter().map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Which of them a pattern fits; every one when none is said.
    const fn number(pattern: &ArmPattern) -> Option<usize> {
        match pattern {
            ArmPattern::Any => None,
            ArmPattern::Some(_) => Some(0),
            ArmPattern::None => Some(1),
            ArmPattern::Variant(number, _) => Some(*number as usize),
        }
    }
}

impl Checker {
    pub(super) fn matching(
        &mut self,
        of: &Expr,
        arms: &[ast::Arm],
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        let of = self.infer(of, None, names)?;
        let alternatives = match of.type_() {
            Type::Option(inner) => Alternatives::Option((**inner).clone()),
            Type::Enum(of) => Alternatives::Enum(Arc::clone(of)),
            other => {
                let message = format!("`match` does not look at {other}");
                let advice = "it looks at enums and options; use `if` for others";
                return self.fail(Diagnostic::error(of.span(), message).advice(advice));
            }
        };
        let mut type_ = expected.cloned();
        let guide = arms.iter().position(|arm| !flexible(&arm.body));
        let mut order: Vec<usize> = (0..arms.len()).collect();
        order.sort_by_key(|i| Some(*i) != guide);
        let mut made: Vec<Option<Arm>> = vec![None; arms.len()];
        let mut first = true;
        for i in order {
            let arm = self.arm(arms.get(i)?, &alternatives, (type_.as_ref(), first), names)?;
            type_ = Some(arm.body.type_().clone());
            first = false;
            *made.get_mut(i)? = Some(arm);
        }
        let arms: Option<Vec<Arm>> = made.into_iter().collect();
        let arms = arms?;
        self.covered(&arms, &alternatives, span)?;
        let type_ = arms.first()?.body.type_().clone();
        Some(Typed::new(type_, Node::Match { of, arms }, span))
    }

    fn arm(
        &mut self,
        arm: &ast::Arm,
        alternatives: &Alternatives,
        (type_, first): (Option<&Type>, bool),
        names: &mut Names<'_>,
    ) -> Option<Arm> {
        let mut bound = 0;
        let pattern = self.pattern(&arm.pattern, arm.body.span, alternatives, names, &mut bound);
        let body = match (&pattern, type_) {
            (None, _) => None,
            (Some(_), Some(type_)) if !first => self.expect(&arm.body, type_, names),
            (Some(_), type_) => self.infer(&arm.body, type_, names),
        };
        names.unbind(bound);
        Some(Arm {
            pattern: pattern?,
            body: body?,
        })
    }

    fn pattern(
        &mut self,
        pattern: &Pattern,
        span: Span,
        alternatives: &Alternatives,
        names: &mut Names<'_>,
        bound: &mut usize,
    ) -> Option<ArmPattern> {
        match (pattern, alternatives) {
            (Pattern::Any, _) => Some(ArmPattern::Any),
            (Pattern::None, Alternatives::Option(_)) => Some(ArmPattern::None),
            (Pattern::Some(name), Alternatives::Option(inner)) => {
                *bound += 1;
                Some(ArmPattern::Some(names.bind(&name.text, inner.clone())))
            }
            (Pattern::Variant { variant, bindings }, Alternatives::Enum(of)) => {
                let (number, payload) = self.alternative(variant, of)?;
                self.bindings(variant, bindings, payload)?;
                let pairs = bindings.iter().zip(payload);
                let locals: Vec<Local> = pairs
                    .map(|(name, type_)| names.bind(&name.text, type_.clone()))
                    .collect();
                *bound += locals.len();
                Some(ArmPattern::Variant(u32::try_from(number).ok()?, locals))
            }
            (_, alternatives) => {
                let message = "this arm fits nothing that is looked at";
                let advice = format!("the alternatives are {}", alternatives.names().join(", "));
                self.fail(Diagnostic::error(span, message).advice(advice))
            }
        }
    }

    fn alternative<'b>(&mut self, name: &Name, of: &'b EnumType) -> Option<(usize, &'b [Type])> {
        let number = of.variants.iter().position(|(n, _)| *n == name.text);
        let found = number.and_then(|n| Some((n, &of.variants.get(n)?.1)));
        match found {
            Some((number, payload)) => Some((number, payload)),
            None => {
                let known: Vec<String> = of.variants.iter().map(|(n, _)| n.clone()).collect();
                self.no_such(name, &format!("alternative of `{}`", of.name), &known)
            }
        }
    }

    fn bindings(&mut self, variant: &Name, bindings: &[Name], payload: &[Type]) -> Option<()> {
        if bindings.len() != payload.len() {
            let message = format!(
                "`{}` carries {}, and {} named",
                variant.text,
                count(payload.len(), "value"),
                super::convert::were(bindings.len())
            );
            let advice = "name each of them, with `_` for those that do not matter";
            return self.fail(Diagnostic::error(variant.span, message).advice(advice));
        }
        for (i, name) in bindings.iter().enumerate() {
            let earlier = bindings.iter().take(i).map(|n| (&*n.text, n.span));
            if name.text != "_" && !self.distinct(name, "value", earlier) {
                return None;
            }
        }
        Some(())
    }

    /// That every alternative has an arm, and every arm an alternative left.
    fn covered(&mut self, arms: &[Arm], alternatives: &Alternatives, span: Span) -> Option<()> {
        let names = alternatives.names();
        let mut left = vec![true; names.len()];
        for arm in arms {
            let useful = match Alternatives::number(&arm.pattern) {
                None => left.iter().any(|l| *l),
                Some(number) => left.get(number).is_some_and(|l| *l),
            };
            if !useful {
                let message = "this arm is never reached";
                let advice = "the arms before it fit everything that it fits; take it out";
                self.report(Diagnostic::warning(arm.body.span(), message).advice(advice));
            }
            match Alternatives::number(&arm.pattern) {
                None => left.fill(false),
                Some(number) => {
                    if let Some(l) = left.get_mut(number) {
                        *l = false;
                    }
                }
            }
        }
        let missing = names.iter().zip(left).filter(|(_, left)| *left);
        let missing: Vec<String> = missing.map(|(name, _)| format!("`{name}`")).collect();
        if missing.is_empty() {
            return Some(());
        }
        let message = format!("`match` leaves out {}", missing.join(", "));
        let advice = "add an arm for each, or `_ -> …` for all others";
        self.fail(Diagnostic::error(span, message).advice(advice))
    }
}
