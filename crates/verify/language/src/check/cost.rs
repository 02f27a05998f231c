//! Bounds on growth and limits on cost.

use super::Checker;
use super::names::Names;
use crate::ast::{Bound, Budget, BudgetKind, Complexity, Name};
use crate::checked::{CheckedBudget, CheckedComplexity};
use crate::node::MAX_DEPTH;
use crate::{Diagnostic, Scope, Span, Steps, Type, Value};

impl Checker {
    pub(super) fn complexity(
        &mut self,
        of: &Complexity,
        span: Span,
        mut names: Names<'_>,
    ) -> Option<CheckedComplexity> {
        let mut sound = true;
        let mut variables = Vec::new();
        for (i, (name, value)) in of.variables.iter().enumerate() {
            let earlier = of.variables.iter().take(i).map(|(n, _)| (&*n.text, n.span));
            sound &= self.distinct(name, "variable", earlier);
            match self.root(value, &Type::Int(None), &mut names) {
                Some(value) => variables.push((name.text.clone(), value)),
                None => sound = false,
            }
        }
        let mut used = Vec::new();
        self.bound(&of.bound, span, 0, &mut used)?;
        let known: Vec<String> = of.variables.iter().map(|(n, _)| n.text.clone()).collect();
        for name in &used {
            if !known.contains(&name.text) {
                let message = format!("the bound's variable `{}` is not explained", name.text);
                let advice = format!("add `where {} = …`, for example `len(…)`", name.text);
                self.report(Diagnostic::error(name.span, message).advice(advice));
                sound = false;
            }
        }
        for (name, _) in &of.variables {
            if !used.iter().any(|u| u.text == name.text) {
                let message = format!("the bound does not mention `{}`", name.text);
                self.report(
                    Diagnostic::warning(name.span, message).advice("take it out of `where`"),
                );
            }
        }
        sound.then(|| CheckedComplexity {
            operation: of.operation.text.clone(),
            bound: of.bound.clone(),
            variables,
            span,
        })
    }

    /// The variables of a bound.
    fn bound<'b>(
        &mut self,
        bound: &'b Bound,
        span: Span,
        depth: usize,
        used: &mut Vec<&'b Name>,
    ) -> Option<()> {
        if depth >= MAX_DEPTH {
            let message = format!("the bound nests deeper than {MAX_DEPTH} levels");
            return self.fail(Diagnostic::error(span, message).advice("use a simpler bound"));
        }
        match bound {
            Bound::Constant(_) => Some(()),
            Bound::Variable(name) => {
                used.push(name);
                Some(())
            }
            Bound::Log(inner)
            | Bound::Sqrt(inner)
            | Bound::Power(inner, _)
            | Bound::Exponential(_, inner)
            | Bound::Factorial(inner) => self.bound(inner, span, depth + 1, used),
            Bound::Product(parts) | Bound::Sum(parts) => {
                if parts.len() < 2 {
                    let message = "a sum or product of a bound has at least two parts";
                    let advice = "write the only part alone";
                    return self.fail(Diagnostic::error(span, message).advice(advice));
                }
                for part in parts {
                    self.bound(part, span, depth + 1, used)?;
                }
                Some(())
            }
        }
    }

    pub(super) fn budgets(
        &mut self,
        budgets: &[(&Budget, Span)],
        mut names: Names<'_>,
    ) -> Vec<CheckedBudget> {
        let mut checked = Vec::new();
        for (budget, span) in budgets {
            checked.extend(self.budget(budget, *span, &mut names));
        }
        checked
    }

    fn budget(
        &mut self,
        budget: &Budget,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<CheckedBudget> {
        let wanted = match budget.kind {
            BudgetKind::Time => Type::Duration,
            BudgetKind::Memory => Type::Size,
        };
        let limit = self.constant(&budget.limit, &wanted, "the limit of a budget");
        let when = match &budget.when {
            Some(when) => Some(self.root(when, &Type::Bool, names)?),
            None => None,
        };
        let limit = match limit? {
            Value::Duration(limit) | Value::Size(limit) => limit,
            _ => return None,
        };
        if limit <= 0 {
            let message = "the limit of a budget is nothing or less";
            let advice = "no call can keep it; give a limit above 0";
            return self.fail(Diagnostic::error(budget.limit.span, message).advice(advice));
        }
        Some(CheckedBudget {
            kind: budget.kind,
            limit,
            when,
            span,
        })
    }

    /// The value of an expression that names nothing.
    pub(super) fn constant(
        &mut self,
        expr: &crate::ast::Expr,
        type_: &Type,
        place: &'static str,
    ) -> Option<Value> {
        let typed = self.root(expr, type_, &mut Names::none(place))?;
        match typed.eval(&Scope::default(), &mut Steps::default()) {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("this has no value: {error}");
                self.fail(
                    Diagnostic::error(expr.span, message).advice("write a constant that has one"),
                )
            }
        }
    }
}
