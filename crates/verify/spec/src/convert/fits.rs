//! Whether a Rust type is what the spec says, decided while compiling.

use super::shape::{Shape, same, says_unit, stands_for};

/// Which way values go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From tests into the implementation: fields and alternatives must be the same on both sides.
    In,
    /// Out of the implementation: a record of the spec may leave fields out, an enum may have more alternatives.
    Out,
}

/// Where and why two types do not fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Misfit {
    /// The innermost field or alternative; empty at the top.
    pub(super) at: &'static str,
    pub(super) why: Why,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Why {
    /// The spec says one thing, Rust another.
    Differ(Shape, Shape),
    /// The spec says a unit that nothing in Rust says.
    Unit(&'static str),
    /// The record of the spec has a field that the struct has not.
    NoField(&'static str),
    /// The struct has a field that the record has not.
    ExtraField(&'static str),
    /// The enum of the spec has an alternative that Rust's has not.
    NoVariant(&'static str),
    /// Rust's enum has an alternative that the spec's has not.
    ExtraVariant(&'static str),
    /// Another number of things.
    Count(usize, usize),
}

/// `None` when it fits. `says` tells whether a Rust name around it says the spec's unit.
pub(super) const fn misfit(spec: &Shape, rust: &Shape, says: bool, way: Way) -> Option<Misfit> {
    let differ = Some(Misfit {
        at: "",
        why: Why::Differ(*spec, *rust),
    });
    match (spec, rust) {
        (Shape::Bool, Shape::Bool)
        | (Shape::Text, Shape::Text)
        | (Shape::Duration, Shape::Duration) => None,
        (Shape::Int(None), Shape::Int(None) | Shape::Byte)
        | (Shape::Real(None), Shape::Real(None)) => None,
        (Shape::Int(Some(unit)), Shape::Int(None) | Shape::Byte)
        | (Shape::Real(Some(unit)), Shape::Real(None)) => named(says, unit),
        (Shape::Int(Some(unit)), Shape::Int(Some(own)))
        | (Shape::Real(Some(unit)), Shape::Real(Some(own))) => {
            if same(unit, own) {
                None
            } else {
                differ
            }
        }
        (Shape::Duration, Shape::Int(None)) => named(says, "ns"),
        (Shape::Size, Shape::Int(None)) => named(says, "B"),
        (Shape::Duration, Shape::Int(Some(own))) => {
            if same(own, "ns") {
                None
            } else {
                differ
            }
        }
        (Shape::Size, Shape::Int(Some(own))) => {
            if same(own, "B") {
                None
            } else {
                differ
            }
        }
        (Shape::Bytes, Shape::List(Shape::Byte)) => None,
        (Shape::List(a), Shape::List(b)) | (Shape::Option(a), Shape::Option(b)) => {
            misfit(a, b, says, way)
        }
        (Shape::Map(k, v), Shape::Map(l, w)) => match misfit(k, l, false, way) {
            None => misfit(v, w, says, way),
            found => found,
        },
        (Shape::Tuple(a), Shape::Tuple(b)) => all(a, b, way),
        (Shape::Record(_, a), Shape::Record(_, b)) => fields(a, b, way),
        (Shape::Enum(_, a), Shape::Enum(_, b)) => variants(a, b, way),
        _ => differ,
    }
}

const fn named(says: bool, unit: &'static str) -> Option<Misfit> {
    if says {
        return None;
    }
    Some(Misfit {
        at: "",
        why: Why::Unit(unit),
    })
}

const fn all(spec: &[Shape], rust: &[Shape], way: Way) -> Option<Misfit> {
    if spec.len() != rust.len() {
        return Some(Misfit {
            at: "",
            why: Why::Count(spec.len(), rust.len()),
        });
    }
    let mut i = 0;
    while i < spec.len() {
        let found = misfit(&spec[i], &rust[i], false, way);
        if found.is_some() {
            return found;
        }
        i += 1;
    }
    None
}

/// Every field of the spec is in the struct, with its type; going in, also the other way round.
pub(super) const fn fields(
    spec: &[(&'static str, Shape)],
    rust: &[(&'static str, Shape)],
    way: Way,
) -> Option<Misfit> {
    let mut i = 0;
    while i < spec.len() {
        let (name, shape) = &spec[i];
        let mut j = 0;
        while j < rust.len() && !stands_for(rust[j].0, name, shape) {
            j += 1;
        }
        if j == rust.len() {
            return Some(Misfit {
                at: "",
                why: Why::NoField(name),
            });
        }
        if let Some(found) = misfit(shape, &rust[j].1, says_unit(rust[j].0, shape), way) {
            return Some(inside(name, found));
        }
        i += 1;
    }
    if matches!(way, Way::Out) {
        return None;
    }
    let mut j = 0;
    while j < rust.len() {
        let mut i = 0;
        while i < spec.len() && !stands_for(rust[j].0, spec[i].0, &spec[i].1) {
            i += 1;
        }
        if i == spec.len() {
            return Some(Misfit {
                at: "",
                why: Why::ExtraField(rust[j].0),
            });
        }
        j += 1;
    }
    None
}

type Variants = [(&'static str, &'static [Shape])];

const fn variants(spec: &Variants, rust: &Variants, way: Way) -> Option<Misfit> {
    let mut j = 0;
    while j < rust.len() {
        let mut i = 0;
        while i < spec.len() && !same(rust[j].0, spec[i].0) {
            i += 1;
        }
        if i == spec.len() {
            return Some(Misfit {
                at: "",
                why: Why::ExtraVariant(rust[j].0),
            });
        }
        if let Some(found) = all(spec[i].1, rust[j].1, way) {
            return Some(inside(rust[j].0, found));
        }
        j += 1;
    }
    if matches!(way, Way::Out) {
        return None;
    }
    let mut i = 0;
    while i < spec.len() {
        let mut j = 0;
        while j < rust.len() && !same(rust[j].0, spec[i].0) {
            j += 1;
        }
        if j == rust.len() {
            return Some(Misfit {
                at: "",
                why: Why::NoVariant(spec[i].0),
            });
        }
        i += 1;
    }
    None
}

const fn inside(name: &'static str, found: Misfit) -> Misfit {
    if found.at.is_empty() {
        Misfit {
            at: name,
            why: found.why,
        }
    } else {
        found
    }
}
