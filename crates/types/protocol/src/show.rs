//! The canonical text: two blanks a level, one step a line.

use std::fmt;
use std::time::Duration;

use crate::ast::{Crash, Expr, ExprKind, Global, GlobalKind, Op, Protocol, Range, RoleRef};

/// The text of several protocols; what [`parse`](crate::parse()) gives is read back from it as it was.
#[must_use]
pub fn format(protocols: &[Protocol]) -> String {
    let all: Vec<String> = protocols.iter().map(ToString::to_string).collect();
    all.join("\n")
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        comments(f, &self.comments)?;
        write!(f, "protocol {}", self.name)?;
        if !self.params.is_empty() {
            f.write_str("<")?;
            for (i, param) in self.params.iter().enumerate() {
                write!(f, "{}{}", if i > 0 { ", " } else { "" }, param.name)?;
                if let Some(value) = param.value {
                    write!(f, " = {value}")?;
                }
            }
            f.write_str(">")?;
        }
        f.write_str("(")?;
        for (i, role) in self.roles.iter().enumerate() {
            write!(f, "{}role {}", if i > 0 { ", " } else { "" }, role.name)?;
            if let Some(size) = &role.size {
                write!(f, "[{size}]")?;
            }
        }
        f.write_str(") ")?;
        block(f, &self.body, 0)?;
        f.write_str("\n")?;
        comments(f, &self.after)
    }
}

fn comments(f: &mut fmt::Formatter<'_>, lines: &[String]) -> fmt::Result {
    lines.iter().try_for_each(|line| comment(f, line))
}

fn comment(f: &mut fmt::Formatter<'_>, line: &str) -> fmt::Result {
    let gap = if line.is_empty() { "" } else { " " };
    writeln!(f, "//{gap}{line}")
}

fn block(f: &mut fmt::Formatter<'_>, steps: &[Global], depth: usize) -> fmt::Result {
    if steps.is_empty() {
        return f.write_str("{}");
    }
    f.write_str("{\n")?;
    for step in steps {
        write!(f, "{:1$}", "", 2 * (depth + 1))?;
        show(f, step, depth + 1)?;
    }
    write!(f, "{:1$}}}", "", 2 * depth)
}

fn show(f: &mut fmt::Formatter<'_>, step: &Global, depth: usize) -> fmt::Result {
    match &step.kind {
        GlobalKind::Comment(line) => return comment(f, line),
        GlobalKind::Message(m) => {
            write!(f, "{}(", m.label)?;
            for (i, part) in m.payload.iter().enumerate() {
                write!(f, "{}{part}", if i > 0 { ", " } else { "" })?;
            }
            write!(f, ") from {} to {}", m.from, m.to)?;
            if let Some(time) = m.within {
                write!(f, " within {}", Time(time))?;
            }
            f.write_str(";")?;
        }
        GlobalKind::Choice(choice) => {
            write!(f, "choice at {} ", choice.at)?;
            for (i, branch) in choice.branches.iter().enumerate() {
                f.write_str(if i > 0 { " or " } else { "" })?;
                block(f, branch, depth)?;
            }
            crashes(f, &choice.crashes, depth)?;
        }
        GlobalKind::Scope(scope) => {
            block(f, &scope.body, depth)?;
            crashes(f, &scope.crashes, depth)?;
        }
        GlobalKind::Rec(rec) => {
            write!(f, "rec {} ", rec.name)?;
            block(f, &rec.body, depth)?;
        }
        GlobalKind::Continue(name) => write!(f, "continue {name};")?,
        GlobalKind::Do(call) => {
            write!(f, "do {}", call.protocol)?;
            if !call.values.is_empty() {
                write!(f, "<{}>", listed(&call.values))?;
            }
            write!(f, "({});", listed(&call.roles))?;
        }
        GlobalKind::For(each) => {
            write!(f, "for {} in ", each.variable)?;
            match &each.range {
                Range::Family(name) => write!(f, "{name} ")?,
                Range::Numbers(from, to) => write!(f, "{from}..{to} ")?,
            }
            block(f, &each.body, depth)?;
        }
    }
    f.write_str("\n")
}

fn listed<T: fmt::Display>(items: &[T]) -> String {
    let all: Vec<String> = items.iter().map(ToString::to_string).collect();
    all.join(", ")
}

fn crashes(f: &mut fmt::Formatter<'_>, crashes: &[Crash], depth: usize) -> fmt::Result {
    for crash in crashes {
        write!(f, " crash {} ", crash.role)?;
        block(f, &crash.body, depth)?;
    }
    Ok(())
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.index {
            Some(index) => write!(f, "{}[{index}]", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ExprKind::Binary(op, left, right) = &self.kind else {
            return match &self.kind {
                ExprKind::Number(n) => write!(f, "{n}"),
                ExprKind::Name(name) => f.write_str(name),
                ExprKind::Binary(..) => Ok(()),
            };
        };
        let sign = match op {
            Op::Add => "+",
            Op::Subtract => "-",
            Op::Multiply => "*",
            Op::Remainder => "%",
        };
        bracketed(
            f,
            left,
            is_sum(left) && !matches!(op, Op::Add | Op::Subtract),
        )?;
        write!(f, " {sign} ")?;
        let tight = matches!(op, Op::Multiply | Op::Remainder);
        bracketed(
            f,
            right,
            is_sum(right) || (tight && matches!(right.kind, ExprKind::Binary(..))),
        )
    }
}

fn is_sum(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Binary(Op::Add | Op::Subtract, ..))
}

fn bracketed(f: &mut fmt::Formatter<'_>, expr: &Expr, brackets: bool) -> fmt::Result {
    if brackets {
        write!(f, "({expr})")
    } else {
        write!(f, "{expr}")
    }
}

/// A time in its largest whole unit.
pub(crate) struct Time(pub(crate) Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0.as_micros();
        for (unit, length) in [
            ("h", 3_600_000_000),
            ("m", 60_000_000),
            ("s", 1_000_000),
            ("ms", 1_000),
        ] {
            if us >= length && us.is_multiple_of(length) {
                return write!(f, "{}{unit}", us / length);
            }
        }
        write!(f, "{us}us")
    }
}
