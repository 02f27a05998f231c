//! Which faults can be planted where: one piece of syntax in, the same piece with a fault in it out.

use proc_macro2::{Literal, Span};
use quote::quote;
use syn::{BinOp, Expr, Lit, ReturnType, Stmt, Type, UnOp, parse_quote};

/// A kind of fault. The names are those of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Arithmetic,
    Boundary,
    Comparison,
    Logic,
    Bits,
    Condition,
    Negation,
    Integer,
    Real,
    Boolean,
    Assignment,
    RangeEnd,
    Statement,
    Method,
    Answer,
    Guard,
    Loop,
    Option,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Arithmetic => "arithmetic operator",
            Self::Boundary => "boundary of a comparison",
            Self::Comparison => "comparison turned round",
            Self::Logic => "and for or",
            Self::Bits => "bit operator",
            Self::Condition => "condition negated",
            Self::Negation => "negation dropped",
            Self::Integer => "whole number off by one",
            Self::Real => "real number changed",
            Self::Boolean => "truth flipped",
            Self::Assignment => "assigning operator",
            Self::RangeEnd => "end of a range off by one",
            Self::Statement => "statement dropped",
            Self::Method => "sibling method called",
            Self::Answer => "constant answer",
            Self::Guard => "arm never taken",
            Self::Loop => "break for continue",
            Self::Option => "something for nothing",
        }
    }
}

/// The faults that can be planted at an expression in place of its value.
pub(crate) fn of_expr(expr: &Expr) -> Vec<(Kind, Expr)> {
    match expr {
        Expr::Binary(binary) => of_binary(binary),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_) | UnOp::Neg(_)) => {
            let inner = &unary.expr;
            vec![(Kind::Negation, parse_quote!((#inner)))]
        }
        Expr::Lit(literal) => of_literal(&literal.lit),
        Expr::MethodCall(call) => sibling(&call.method.to_string())
            .map(|other| {
                let mut call = call.clone();
                call.method = syn::Ident::new(other, Span::call_site());
                (Kind::Method, Expr::MethodCall(call))
            })
            .into_iter()
            .collect(),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if path.path.is_ident("Some") => {
                vec![(Kind::Option, parse_quote!(None))]
            }
            _ => Vec::new(),
        },
        Expr::Break(jump) if jump.expr.is_none() => {
            let label = &jump.label;
            vec![(Kind::Loop, parse_quote!(continue #label))]
        }
        Expr::Continue(jump) => {
            let label = &jump.label;
            vec![(Kind::Loop, parse_quote!(break #label))]
        }
        _ => Vec::new(),
    }
}

fn of_binary(binary: &syn::ExprBinary) -> Vec<(Kind, Expr)> {
    let (left, right) = (&binary.left, &binary.right);
    let with = |kind, op: BinOp| (kind, parse_quote!((#left) #op (#right)));
    let swaps: Vec<(Kind, BinOp)> = match binary.op {
        BinOp::Add(_) => vec![(Kind::Arithmetic, parse_quote!(-))],
        BinOp::Sub(_) => vec![(Kind::Arithmetic, parse_quote!(+))],
        BinOp::Mul(_) => vec![(Kind::Arithmetic, parse_quote!(/))],
        BinOp::Div(_) => vec![(Kind::Arithmetic, parse_quote!(*))],
        BinOp::Rem(_) => vec![(Kind::Arithmetic, parse_quote!(/))],
        BinOp::And(_) => vec![(Kind::Logic, parse_quote!(||))],
        BinOp::Or(_) => vec![(Kind::Logic, parse_quote!(&&))],
        BinOp::BitAnd(_) => vec![(Kind::Bits, parse_quote!(|))],
        BinOp::BitOr(_) => vec![(Kind::Bits, parse_quote!(&))],
        BinOp::BitXor(_) => vec![(Kind::Bits, parse_quote!(|))],
        BinOp::Shl(_) => vec![(Kind::Bits, parse_quote!(>>))],
        BinOp::Shr(_) => vec![(Kind::Bits, parse_quote!(<<))],
        BinOp::Lt(_) => vec![
            (Kind::Boundary, parse_quote!(<=)),
            (Kind::Comparison, parse_quote!(>=)),
        ],
        BinOp::Le(_) => vec![
            (Kind::Boundary, parse_quote!(<)),
            (Kind::Comparison, parse_quote!(>)),
        ],
        BinOp::Gt(_) => vec![
            (Kind::Boundary, parse_quote!(>=)),
            (Kind::Comparison, parse_quote!(<=)),
        ],
        BinOp::Ge(_) => vec![
            (Kind::Boundary, parse_quote!(>)),
            (Kind::Comparison, parse_quote!(<)),
        ],
        BinOp::Eq(_) => vec![(Kind::Comparison, parse_quote!(!=))],
        BinOp::Ne(_) => vec![(Kind::Comparison, parse_quote!(==))],
        _ => Vec::new(),
    };
    swaps.into_iter().map(|(kind, op)| with(kind, op)).collect()
}

fn of_literal(literal: &Lit) -> Vec<(Kind, Expr)> {
    match literal {
        Lit::Bool(b) => {
            let other = !b.value;
            vec![(Kind::Boolean, parse_quote!(#other))]
        }
        Lit::Int(int) => {
            let Ok(value) = int.base10_parse::<u64>() else {
                return Vec::new();
            };
            let near = [value.checked_add(1), value.checked_sub(1)];
            let near = near.into_iter().flatten();
            near.filter_map(|other| {
                let text = format!("{other}{}", int.suffix());
                let literal: Literal = text.parse().ok()?;
                Some((Kind::Integer, parse_quote!(#literal)))
            })
            .collect()
        }
        Lit::Float(float) => {
            let Ok(value) = float.base10_parse::<f64>() else {
                return Vec::new();
            };
            let other = if value == 0.0 { 1.0 } else { value * 2.0 };
            let text = format!("{other:e}{}", float.suffix());
            text.parse::<Literal>()
                .map(|literal| (Kind::Real, parse_quote!(#literal)))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The method that is easily taken for another.
fn sibling(name: &str) -> Option<&'static str> {
    const PAIRS: [(&str, &str); 22] = [
        ("min", "max"),
        ("first", "last"),
        ("first_mut", "last_mut"),
        ("any", "all"),
        ("skip_while", "take_while"),
        ("skip", "take"),
        ("is_some", "is_none"),
        ("is_ok", "is_err"),
        ("is_some_and", "is_none_or"),
        ("push_back", "push_front"),
        ("pop_back", "pop_front"),
        ("floor", "ceil"),
        ("saturating_add", "saturating_sub"),
        ("wrapping_add", "wrapping_sub"),
        ("checked_add", "checked_sub"),
        ("checked_mul", "checked_add"),
        ("sin", "cos"),
        ("ln", "exp"),
        ("starts_with", "ends_with"),
        ("trim_start", "trim_end"),
        ("to_ascii_lowercase", "to_ascii_uppercase"),
        ("leading_zeros", "trailing_zeros"),
    ];
    PAIRS.into_iter().find_map(|(a, b)| {
        if name == a {
            Some(b)
        } else if name == b {
            Some(a)
        } else {
            None
        }
    })
}

/// The assigning operator that is easily taken for this one.
pub(crate) fn of_assignment(op: &BinOp) -> Option<BinOp> {
    Some(match op {
        BinOp::AddAssign(_) => parse_quote!(-=),
        BinOp::SubAssign(_) => parse_quote!(+=),
        BinOp::MulAssign(_) => parse_quote!(/=),
        BinOp::DivAssign(_) => parse_quote!(*=),
        BinOp::BitAndAssign(_) => parse_quote!(|=),
        BinOp::BitOrAssign(_) => parse_quote!(&=),
        BinOp::BitXorAssign(_) => parse_quote!(|=),
        BinOp::ShlAssign(_) => parse_quote!(>>=),
        BinOp::ShrAssign(_) => parse_quote!(<<=),
        _ => return None,
    })
}

/// Ends that a range could have by mistake.
pub(crate) fn of_range_end(end: &Expr) -> Vec<(Kind, Expr)> {
    vec![
        (Kind::RangeEnd, parse_quote!((#end) + 1)),
        (Kind::RangeEnd, parse_quote!((#end) - 1)),
    ]
}

/// Whether the statement can be left out and the code still means something.
pub(crate) fn can_be_dropped(stmt: &Stmt) -> bool {
    let Stmt::Expr(expr, Some(_)) = stmt else {
        return false;
    };
    match expr {
        Expr::Assign(_) | Expr::MethodCall(_) | Expr::Call(_) => true,
        Expr::Try(inner) => matches!(&*inner.expr, Expr::MethodCall(_) | Expr::Call(_)),
        Expr::Binary(binary) => of_assignment(&binary.op).is_some(),
        _ => false,
    }
}

/// Constants that a function of that type could give whatever it is asked.
pub(crate) fn answers(output: &ReturnType) -> Vec<Expr> {
    let ReturnType::Type(_, type_) = output else {
        return Vec::new();
    };
    answers_of(type_)
}

fn answers_of(type_: &Type) -> Vec<Expr> {
    let Type::Path(path) = type_ else {
        return Vec::new();
    };
    let Some(last) = path.path.segments.last() else {
        return Vec::new();
    };
    let argument = || match &last.arguments {
        syn::PathArguments::AngleBracketed(list) => list.args.iter().find_map(|a| match a {
            syn::GenericArgument::Type(t) => Some(t.clone()),
            _ => None,
        }),
        _ => None,
    };
    match last.ident.to_string().as_str() {
        "bool" => vec![parse_quote!(true), parse_quote!(false)],
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128"
        | "isize" => vec![parse_quote!(0), parse_quote!(1)],
        "f32" | "f64" => vec![parse_quote!(0.0), parse_quote!(1.0)],
        "String" => vec![parse_quote!(String::new())],
        "Vec" => vec![parse_quote!(Vec::new())],
        "Option" => vec![parse_quote!(None)],
        "Result" => match argument() {
            Some(Type::Tuple(unit)) if unit.elems.is_empty() => vec![parse_quote!(Ok(()))],
            Some(inner) => answers_of(&inner)
                .into_iter()
                .map(|answer| parse_quote!(Ok(#answer)))
                .collect(),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The piece of syntax in one line, for the report.
pub(crate) fn shown(piece: &impl quote::ToTokens) -> String {
    let text = quote!(#piece).to_string();
    let mut short: String = text.chars().take(70).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
