//! Whether expressions can be written.

use super::Tree;
use crate::ast::{Arm, Expr, ExprKind, Literal, Name, Pattern};
use crate::words::{MAX_DECIMALS, MAX_DEPTH, is_reserved};

impl Tree {
    pub(super) fn expr(&mut self, expr: &Expr) {
        self.expr_at(expr, 1);
    }

    fn expr_at(&mut self, expr: &Expr, depth: u32) {
        if depth > MAX_DEPTH {
            return self.too_deep();
        }
        let below = depth + 1;
        match &*expr.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(name) => self.value_name(name),
            ExprKind::Result(name) => self.name(name),
            ExprKind::None => {}
            ExprKind::Field(of, name) => {
                self.name(name);
                self.of(of, below);
            }
            ExprKind::Position(of, _) => self.of(of, below),
            ExprKind::Old(of) | ExprKind::Some(of) | ExprKind::Unary(_, of) => {
                self.expr_at(of, below)
            }
            ExprKind::List(items) => self.exprs(items, below),
            ExprKind::Tuple(items) => {
                if items.len() < 2 {
                    self.refuse("a tuple has fewer than two parts", "leave the tuple away");
                }
                self.exprs(items, below);
            }
            ExprKind::Map(entries) => {
                for (key, value) in entries {
                    self.expr_at(key, below);
                    self.expr_at(value, below);
                }
            }
            ExprKind::Record { name, fields } => {
                self.type_name(&name.text);
                for (name, value) in fields {
                    self.name(name);
                    self.expr_at(value, below);
                }
            }
            ExprKind::Variant {
                of,
                variant,
                arguments,
            } => {
                self.type_name(&of.text);
                self.name(variant);
                self.exprs(arguments, below);
            }
            ExprKind::Call {
                function,
                arguments,
            } => {
                self.value_name(&function.text);
                self.exprs(arguments, below);
            }
            ExprKind::Match { of, arms } => {
                self.expr_at(of, below);
                self.arms(arms, below);
            }
            ExprKind::Lambda { parameters, body } => {
                if parameters.is_empty() {
                    self.refuse("a lambda has no parameter", "call one `_`");
                }
                parameters.iter().for_each(|p| self.name(p));
                self.expr_at(body, below);
            }
            ExprKind::Let { name, value, body } => {
                self.name(name);
                self.exprs([value, body], below);
            }
            ExprKind::Compare { first, rest } => {
                if rest.is_empty() {
                    self.refuse("a comparison has one side", "give it another");
                }
                self.expr_at(first, below);
                self.exprs(rest.iter().map(|(_, e)| e), below);
            }
            ExprKind::Slice { of, from, to } => {
                self.expr_at(of, below);
                self.exprs([from, to].into_iter().flatten(), below);
            }
            ExprKind::Approx {
                left,
                right,
                tolerance,
                ..
            } => self.exprs([left, right, tolerance], below),
            ExprKind::If(a, b, c) => self.exprs([a, b, c], below),
            ExprKind::Index(a, b) | ExprKind::Range(a, b) | ExprKind::Binary(_, a, b) => {
                self.exprs([a, b], below)
            }
        }
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, depth: u32) {
        exprs.into_iter().for_each(|e| self.expr_at(e, depth));
    }

    /// What a field is taken of: also `state`, which is no value by itself.
    fn of(&mut self, expr: &Expr, depth: u32) {
        if !matches!(&*expr.kind, ExprKind::Name(name) if name == "state") {
            self.expr_at(expr, depth);
        }
    }

    fn value_name(&mut self, name: &str) {
        self.name(&Name::new(name));
        if name == "_" && is_reserved(name) {
            self.refuse("`_` has no value", "give it a name");
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Real(value) if !value.is_finite() => {
                self.refuse(
                    "a real literal is not finite",
                    "call `nan` or `infinity` by name",
                );
            }
            Literal::Quantity(quantity) => {
                if quantity.decimals > MAX_DECIMALS {
                    self.refuse(
                        "a quantity has more than 18 decimals",
                        "choose a smaller unit",
                    );
                }
                if quantity.digits == i64::MIN {
                    self.refuse(
                        "the digits of a quantity do not fit 64 bits",
                        "choose a greater unit",
                    );
                }
            }
            _ => {}
        }
    }

    fn arms(&mut self, arms: &[Arm], depth: u32) {
        if arms.is_empty() {
            self.refuse("a `match` has no arms", "give it one");
        }
        for arm in arms {
            match &arm.pattern {
                Pattern::Any | Pattern::None => {}
                Pattern::Some(name) => self.name(name),
                Pattern::Variant { variant, bindings } => {
                    self.name(variant);
                    if variant.text == "_" {
                        self.refuse("`_` is no alternative", "write the pattern `any`");
                    }
                    bindings.iter().for_each(|b| self.name(b));
                }
            }
            self.expr_at(&arm.body, depth);
        }
    }
}
