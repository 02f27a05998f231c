//! Types as they are written.

use crate::ast::{TypeExpr, TypeKind};

pub(crate) fn type_text(type_: &TypeExpr) -> String {
    let mut out = String::new();
    write_type(type_, &mut out);
    out
}

fn write_type(type_: &TypeExpr, out: &mut String) {
    match &type_.kind {
        TypeKind::Bool => out.push_str("bool"),
        TypeKind::Int(unit) | TypeKind::Real(unit) => {
            out.push_str(if matches!(type_.kind, TypeKind::Int(_)) {
                "int"
            } else {
                "real"
            });
            if let Some(unit) = unit {
                out.push('<');
                out.push_str(unit.symbol());
                out.push('>');
            }
        }
        TypeKind::Text => out.push_str("text"),
        TypeKind::Bytes => out.push_str("bytes"),
        TypeKind::Duration => out.push_str("duration"),
        TypeKind::Size => out.push_str("size"),
        TypeKind::List(of) => {
            out.push('[');
            write_type(of, out);
            out.push(']');
        }
        TypeKind::Map(key, value) => {
            out.push('{');
            write_type(key, out);
            out.push_str(": ");
            write_type(value, out);
            out.push('}');
        }
        TypeKind::Option(of) => {
            write_type(of, out);
            out.push('?');
        }
        TypeKind::Tuple(parts) => {
            out.push('(');
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                write_type(part, out);
            }
            out.push(')');
        }
        TypeKind::Named(name) => out.push_str(name),
    }
}
