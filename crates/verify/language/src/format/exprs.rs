//! Expressions as they are written, with the parentheses that they need.

use super::layout::Pieces;
use super::literals::literal_text;
use crate::ast::{Arm, BinaryOp, CompareOp, Expr, ExprKind, Literal, Name, Pattern, UnaryOp};
use crate::operators::Level;
use crate::words::is_type_name;

/// What surrounds an expression.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Operators that bind weaker need parentheses.
    level: Level,
    /// Whether nothing follows that an open end would take for its own.
    last: bool,
    /// Whether `in` would end a `let`.
    no_in: bool,
    /// Whether `..` would make a slice of an index.
    no_range: bool,
}

impl Place {
    /// Between brackets.
    const FREE: Self = Self {
        level: Level::WEAKEST,
        last: true,
        no_in: false,
        no_range: false,
    };

    const fn at(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Something follows.
    const fn before(self, level: Level) -> Self {
        Self {
            level,
            last: false,
            ..self
        }
    }
}

impl Pieces {
    pub(super) fn expr(&mut self, expr: &Expr) {
        self.placed(expr, Place::FREE);
    }

    fn placed(&mut self, expr: &Expr, place: Place) {
        if needs_parentheses(&expr.kind, place) {
            self.text("(");
            self.bare(&expr.kind, Place::FREE);
            self.text(")");
        } else {
            self.bare(&expr.kind, place);
        }
    }

    fn bare(&mut self, kind: &ExprKind, place: Place) {
        match kind {
            ExprKind::Literal(literal) => self.text(literal_text(literal)),
            ExprKind::Name(name) => self.text(name.clone()),
            ExprKind::Result(name) => self.text(format!("result.{}", name.text)),
            ExprKind::Old(of) => self.wrapped("old", of),
            ExprKind::Some(of) => self.wrapped("some", of),
            ExprKind::None => self.text("none"),
            ExprKind::List(items) => self.listed("[", "]", false, items, Self::expr),
            ExprKind::Tuple(items) => self.listed("(", ")", false, items, Self::expr),
            ExprKind::Map(entries) => self.listed("{", "}", false, entries, |p, (key, value)| {
                p.expr(key);
                p.text(": ");
                p.expr(value);
            }),
            ExprKind::Record { name, fields } => self.record(name, fields),
            ExprKind::Variant {
                of,
                variant,
                arguments,
            } => {
                self.text(format!("{}.{}", of.text, variant.text));
                if !arguments.is_empty() {
                    self.listed("(", ")", false, arguments, Self::expr);
                }
            }
            ExprKind::Call {
                function,
                arguments,
            } => {
                self.text(function.text.clone());
                self.listed("(", ")", false, arguments, Self::expr);
            }
            ExprKind::Field(..)
            | ExprKind::Position(..)
            | ExprKind::Index(..)
            | ExprKind::Slice { .. } => {
                self.part(kind, place);
            }
            ExprKind::Unary(op, of) => self.unary(*op, of, place),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, place),
            ExprKind::Range(from, to) => {
                self.placed(from, place.before(Level::SUM));
                self.text("..");
                self.placed(to, place.at(Level::SUM));
            }
            ExprKind::Compare { first, rest } => self.compare(first, rest, place),
            ExprKind::Approx {
                left,
                right,
                tolerance,
                relative,
            } => {
                self.open();
                self.placed(left, place.before(Level::RANGE));
                self.indented(|p| {
                    p.soft(" ");
                    p.text("~= ");
                    p.placed(right, place.before(Level::RANGE));
                    p.soft(" ");
                    p.text("within ");
                    let tail = if *relative {
                        place.before(Level::RANGE)
                    } else {
                        place.at(Level::RANGE)
                    };
                    p.placed(tolerance, tail);
                });
                self.text(if *relative { " relative" } else { "" });
                self.close();
            }
            ExprKind::If(condition, yes, no) => self.if_(condition, yes, no, place),
            ExprKind::Let { name, value, body } => self.let_(name, value, body, place),
            ExprKind::Match { of, arms } => self.match_(of, arms, place),
            ExprKind::Lambda { parameters, body } => {
                let names: Vec<&str> = parameters.iter().map(|p| p.text.as_str()).collect();
                self.text(format!("|{}| ", names.join(", ")));
                self.placed(body, place.at(Level::WEAKEST));
            }
        }
    }

    fn wrapped(&mut self, word: &str, of: &Expr) {
        self.text(word);
        self.open();
        self.text("(");
        self.indented(|p| {
            p.soft("");
            p.expr(of);
        });
        self.soft("");
        self.text(")");
        self.close();
    }

    fn record(&mut self, name: &Name, fields: &[(Name, Expr)]) {
        self.text(format!("{} ", name.text));
        self.listed("{", "}", true, fields, |p, (name, value)| {
            p.text(format!("{}: ", name.text));
            p.expr(value);
        });
    }

    /// What is written after an expression.
    fn part(&mut self, kind: &ExprKind, place: Place) {
        let before = place.before(Level::POSTFIX);
        match kind {
            ExprKind::Field(of, name) => {
                // `Kind.normal` is an alternative.
                let capital = matches!(&*of.kind, ExprKind::Name(n) if is_type_name(n));
                self.text(if capital { "(" } else { "" });
                self.placed(of, before);
                self.text(if capital { ")." } else { "." });
                self.text(name.text.clone());
            }
            ExprKind::Position(of, position) => {
                self.placed(of, before);
                self.text(format!(".{position}"));
            }
            ExprKind::Index(of, index) => {
                self.placed(of, before);
                self.text("[");
                let inside = Place {
                    no_range: true,
                    ..Place::FREE
                };
                self.placed(index, inside);
                self.text("]");
            }
            ExprKind::Slice { of, from, to } => {
                self.placed(of, before);
                self.text("[");
                if let Some(from) = from {
                    self.placed(from, Place::FREE.before(Level::SUM));
                }
                self.text("..");
                if let Some(to) = to {
                    self.placed(to, Place::FREE.at(Level::SUM));
                }
                self.text("]");
            }
            _ => {}
        }
    }

    fn unary(&mut self, op: UnaryOp, of: &Expr, place: Place) {
        match op {
            UnaryOp::Not => {
                self.text("not ");
                self.placed(of, place.at(Level::NOT));
            }
            UnaryOp::Negate => {
                self.text("-");
                // A minus sign before a number belongs to the number.
                let number = is_number(&of.kind);
                self.text(if number { "(" } else { "" });
                self.placed(of, place.at(Level::NEGATE));
                self.text(if number { ")" } else { "" });
            }
        }
    }

    /// Operators of one level stand under each other.
    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, place: Place) {
        let level = op.level();
        let (left_level, right_level) = if op == BinaryOp::Implies {
            (level.stronger(), level)
        } else {
            (level, level.stronger())
        };
        self.open();
        self.operand_before(left, level, place.before(left_level));
        self.indented(|p| {
            p.soft(" ");
            p.text(format!("{} ", op.symbol()));
            p.placed(right, place.at(right_level));
        });
        self.close();
    }

    /// The left side of an operator. One of the same level is in the same group.
    fn operand_before(&mut self, expr: &Expr, level: Level, place: Place) {
        match &*expr.kind {
            ExprKind::Binary(op, left, right)
                if op.level() == level && !needs_parentheses(&expr.kind, place) =>
            {
                self.operand_before(left, level, place.before(level));
                self.indented(|p| {
                    p.soft(" ");
                    p.text(format!("{} ", op.symbol()));
                    p.placed(right, place.before(level.stronger()));
                });
            }
            _ => self.placed(expr, place),
        }
    }

    fn compare(&mut self, first: &Expr, rest: &[(CompareOp, Expr)], place: Place) {
        self.open();
        self.placed(first, place.before(Level::RANGE));
        self.indented(|p| {
            for (i, (op, operand)) in rest.iter().enumerate() {
                p.soft(" ");
                p.text(format!("{} ", op.symbol()));
                let last = i + 1 == rest.len();
                let place = if last {
                    place
                } else {
                    place.before(Level::RANGE)
                };
                p.placed(operand, place.at(Level::RANGE));
            }
        });
        self.close();
    }

    fn if_(&mut self, condition: &Expr, yes: &Expr, no: &Expr, place: Place) {
        let inside = Place {
            last: true,
            ..place.at(Level::WEAKEST)
        };
        self.open();
        self.text("if ");
        self.placed(condition, inside);
        self.indented(|p| {
            p.soft(" ");
            p.text("then ");
            p.placed(yes, inside);
            p.soft(" ");
            p.text("else ");
            p.placed(no, place.at(Level::WEAKEST));
        });
        self.close();
    }

    fn let_(&mut self, name: &Name, value: &Expr, body: &Expr, place: Place) {
        let inside = Place {
            level: Level::WEAKEST,
            last: true,
            no_in: true,
            no_range: place.no_range,
        };
        self.open();
        self.text(format!("let {} = ", name.text));
        self.placed(value, inside);
        self.text(" in");
        self.soft(" ");
        self.placed(body, place.at(Level::WEAKEST));
        self.close();
    }

    fn match_(&mut self, of: &Expr, arms: &[Arm], place: Place) {
        let inside = Place {
            last: true,
            ..place.at(Level::WEAKEST)
        };
        self.text("match ");
        self.placed(of, inside);
        self.text(" ");
        self.listed("{", "}", true, arms, |p, arm| {
            p.text(format!("{} -> ", pattern_text(&arm.pattern)));
            p.expr(&arm.body);
        });
    }
}

fn is_number(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Literal(Literal::Int(_) | Literal::Real(_) | Literal::Quantity(_))
    )
}

fn needs_parentheses(kind: &ExprKind, place: Place) -> bool {
    match kind {
        ExprKind::If(..) | ExprKind::Let { .. } | ExprKind::Lambda { .. } => {
            !(place.last && place.level <= Level::NOT)
        }
        ExprKind::Unary(UnaryOp::Not, _) => place.level > Level::NOT,
        ExprKind::Unary(UnaryOp::Negate, _) => place.level > Level::NEGATE,
        ExprKind::Binary(op, ..) => place.level > op.level(),
        ExprKind::Compare { rest, .. } => {
            let has_in = || rest.iter().any(|(op, _)| *op == CompareOp::In);
            place.level > Level::COMPARE || (place.no_in && has_in())
        }
        ExprKind::Approx { .. } => place.level > Level::COMPARE,
        ExprKind::Range(..) => place.level > Level::RANGE || place.no_range,
        _ => place.level >= Level::POSTFIX && is_number(kind),
    }
}

fn pattern_text(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Any => "_".to_owned(),
        Pattern::Some(name) => format!("some({})", name.text),
        Pattern::None => "none".to_owned(),
        Pattern::Variant { variant, bindings } if bindings.is_empty() => variant.text.clone(),
        Pattern::Variant { variant, bindings } => {
            let names: Vec<&str> = bindings.iter().map(|b| b.text.as_str()).collect();
            format!("{}({})", variant.text, names.join(", "))
        }
    }
}
