//! Bounds as they are written.

use crate::ast::Bound;

/// How strongly a bound holds together.
#[derive(PartialEq, PartialOrd)]
enum Level {
    Sum,
    Product,
    Factor,
    Atom,
}

pub(super) fn bound_text(bound: &Bound) -> String {
    let mut out = String::new();
    write(bound, Level::Sum, &mut out);
    out
}

fn level(bound: &Bound) -> Level {
    match bound {
        Bound::Sum(_) => Level::Sum,
        Bound::Product(_) => Level::Product,
        Bound::Power(..) | Bound::Exponential(..) | Bound::Factorial(_) => Level::Factor,
        // `log n^2` could be read in two ways, so that a logarithm is no base.
        Bound::Log(_) | Bound::Sqrt(_) => Level::Factor,
        Bound::Constant(_) | Bound::Variable(_) => Level::Atom,
    }
}

fn write(bound: &Bound, at_least: Level, out: &mut String) {
    if level(bound) < at_least {
        out.push('(');
        write(bound, Level::Sum, out);
        out.push(')');
        return;
    }
    match bound {
        Bound::Constant(n) => out.push_str(&n.to_string()),
        Bound::Variable(name) => out.push_str(&name.text),
        Bound::Log(of) => write_function("log", of, out),
        Bound::Sqrt(of) => write_function("sqrt", of, out),
        Bound::Power(base, exponent) => {
            write(base, Level::Atom, out);
            out.push_str(&format!("^{exponent}"));
        }
        Bound::Exponential(base, exponent) => {
            out.push_str(&format!("{base}^"));
            // `2^3` is a power.
            let constant = matches!(**exponent, Bound::Constant(_));
            out.push_str(if constant { "(" } else { "" });
            write(exponent, Level::Atom, out);
            out.push_str(if constant { ")" } else { "" });
        }
        Bound::Factorial(of) => {
            write(of, Level::Atom, out);
            out.push('!');
        }
        Bound::Product(factors) => {
            for (i, factor) in factors.iter().enumerate() {
                let mut text = String::new();
                write(factor, Level::Factor, &mut text);
                if i > 0 {
                    let number = text.starts_with(|c: char| c.is_ascii_digit());
                    out.push_str(if number { " * " } else { " " });
                }
                out.push_str(&text);
            }
        }
        Bound::Sum(terms) => {
            for (i, term) in terms.iter().enumerate() {
                if i > 0 {
                    out.push_str(" + ");
                }
                write(term, Level::Product, out);
            }
        }
    }
}

/// `log n`, `log(n + m)`, `sqrt(n)`
fn write_function(name: &str, of: &Bound, out: &mut String) {
    out.push_str(name);
    let plain = matches!(of, Bound::Constant(_) | Bound::Variable(_) | Bound::Log(_));
    let bare = plain && name == "log";
    out.push_str(if bare { " " } else { "(" });
    write(of, Level::Sum, out);
    out.push_str(if bare { "" } else { ")" });
}
