//! What the compiler says when types do not fit: texts made while compiling.

use super::fits::{Misfit, Way, Why, fields, misfit};
use super::shape::{Shape, says_unit, suffix};

const BYTES_MAX: usize = 768;

/// A text of bounded length that a constant can hold; what is longer is cut.
#[derive(Clone, Copy)]
pub struct Message {
    bytes: [u8; BYTES_MAX],
    len: usize,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl Message {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; BYTES_MAX],
            len: 0,
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "the types differ",
        }
    }

    pub(crate) const fn push(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        if self.len + text.len() > BYTES_MAX {
            return self;
        }
        let mut i = 0;
        while i < text.len() {
            self.bytes[self.len] = text[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    const fn count(self, n: usize) -> Self {
        const DIGITS: &str = "0123456789";
        let text = if n >= 10 { self.count(n / 10) } else { self };
        let (_, tail) = DIGITS.split_at(n % 10);
        let (digit, _) = tail.split_at(1);
        text.push(digit)
    }

    const fn unit(self, unit: Option<&str>) -> Self {
        match unit {
            None => self,
            Some(unit) => self.push("<").push(unit).push(">"),
        }
    }

    /// The type as a spec would write it.
    const fn shape(self, shape: &Shape) -> Self {
        match shape {
            Shape::Bool => self.push("bool"),
            Shape::Byte => self.push("int"),
            Shape::Int(unit) => self.push("int").unit(*unit),
            Shape::Real(unit) => self.push("real").unit(*unit),
            Shape::Text => self.push("text"),
            Shape::Bytes => self.push("bytes"),
            Shape::Duration => self.push("duration"),
            Shape::Size => self.push("size"),
            Shape::List(of) => self.push("[").shape(of).push("]"),
            Shape::Map(k, v) => self.push("{").shape(k).push(": ").shape(v).push("}"),
            Shape::Option(of) => self.shape(of).push("?"),
            Shape::Tuple(of) => {
                let mut text = self.push("(");
                let mut i = 0;
                while i < of.len() {
                    if i > 0 {
                        text = text.push(", ");
                    }
                    text = text.shape(&of[i]);
                    i += 1;
                }
                text.push(")")
            }
            Shape::Record(name, _) => self.push("record ").push(name),
            Shape::Enum(name, _) => self.push("enum ").push(name),
        }
    }

    const fn misfit(self, found: &Misfit) -> Self {
        let text = if found.at.is_empty() {
            self
        } else {
            self.push("in `").push(found.at).push("` ")
        };
        match &found.why {
            Why::Differ(spec, rust) => text
                .push("the spec says ")
                .shape(spec)
                .push(", the Rust type is ")
                .shape(rust),
            Why::Unit(unit) => text
                .push("the spec says the unit ")
                .push(unit)
                .push(": let the Rust name end in `_")
                .push(suffix(unit))
                .push("`, or use a newtype with `#[spec(unit = \"")
                .push(unit)
                .push("\")]`"),
            Why::NoField(name) => text
                .push("the spec has the field `")
                .push(name)
                .push("`, the Rust type has not"),
            Why::ExtraField(name) => text
                .push("the Rust type has the field `")
                .push(name)
                .push("`, the spec has not: add it there, or `#[spec(skip)]`"),
            Why::NoVariant(name) => text
                .push("the spec has the alternative `")
                .push(name)
                .push("`, the Rust enum has not"),
            Why::ExtraVariant(name) => text
                .push("the Rust enum has the alternative `")
                .push(name)
                .push("`, the spec has not"),
            Why::Count(spec, rust) => text
                .push("the spec has ")
                .count(*spec)
                .push(" parts, the Rust type ")
                .count(*rust),
        }
    }
}

/// What is wrong with a Rust type for an input, a single output or a state variable; empty when nothing is. `place` is
/// where the spec says it, with the line.
#[must_use]
pub const fn slot_misfit(
    place: &'static str,
    spec: &Shape,
    rust: &Shape,
    rust_name: &str,
    way: Way,
) -> Message {
    match misfit(spec, rust, says_unit(rust_name, spec), way) {
        None => Message::new(),
        Some(found) => Message::new().misfit(&found).push("\n").push(place),
    }
}

/// As [`slot_misfit`] for several outputs: a tuple in their order, or a struct with a field of each name.
#[must_use]
pub const fn outputs_misfit(
    place: &'static str,
    spec: &[(&'static str, Shape)],
    rust: &Shape,
) -> Message {
    let found = match rust {
        Shape::Record(_, own) => fields(spec, own, Way::Out),
        Shape::Tuple(own) if own.len() == spec.len() => {
            let mut i = 0;
            let mut found = None;
            while i < own.len() && found.is_none() {
                found = misfit(&spec[i].1, &own[i], false, Way::Out);
                i += 1;
            }
            found
        }
        _ => {
            return Message::new()
                .push("the spec has ")
                .count(spec.len())
                .push(" outputs: return a tuple of as many, or a struct with a field of each name; this is ")
                .shape(rust)
                .push("\n")
                .push(place);
        }
    };
    match found {
        None => Message::new(),
        Some(found) => Message::new().misfit(&found).push("\n").push(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_said() {
        const TEXT: Message = slot_misfit(
            "specs/x.spec:3",
            &Shape::List(&Shape::Int(None)),
            &Shape::List(&Shape::Real(None)),
            "xs",
            Way::In,
        );
        assert_eq!(
            TEXT.text(),
            "the spec says int, the Rust type is real\nspecs/x.spec:3"
        );
        let unit = slot_misfit(
            "p",
            &Shape::Int(Some("ns")),
            &Shape::Int(None),
            "start",
            Way::In,
        );
        assert!(unit.text().contains("end in `_ns`"), "{unit:?}");
        for (name, shape) in [
            ("start_ns", Shape::Int(None)),
            ("start", Shape::Int(Some("ns"))),
        ] {
            assert!(slot_misfit("p", &Shape::Int(Some("ns")), &shape, name, Way::In).is_empty());
        }
    }

    #[test]
    fn outputs_are_a_tuple_or_a_struct() {
        let spec = [("a", Shape::Int(None)), ("b", Shape::Text)];
        let tuple = Shape::Tuple(&[Shape::Int(None), Shape::Text]);
        let named = Shape::Record(
            "R",
            &[("b", Shape::Text), ("c", Shape::Bool), ("a", Shape::Byte)],
        );
        assert!(outputs_misfit("p", &spec, &tuple).is_empty());
        assert!(outputs_misfit("p", &spec, &named).is_empty());
        let few = outputs_misfit("p", &spec, &Shape::Record("R", &[("a", Shape::Int(None))]));
        assert!(few.text().contains("the field `b`"), "{few:?}");
        let plain = outputs_misfit("p", &spec, &Shape::Bool);
        assert!(plain.text().contains("2 outputs") && plain.text().contains("this is bool"));
    }

    #[test]
    fn fields_and_alternatives_are_compared_both_ways_going_in() {
        let spec = Shape::Enum(
            "Kind",
            &[("normal", &[]), ("anomaly", &[Shape::Real(None)])],
        );
        let fewer = Shape::Enum("Kind", &[("normal", &[])]);
        assert!(!slot_misfit("p", &spec, &fewer, "k", Way::In).is_empty());
        assert!(slot_misfit("p", &spec, &fewer, "k", Way::Out).is_empty());
        assert!(!slot_misfit("p", &fewer, &spec, "k", Way::Out).is_empty());
        let wrong = Shape::Enum("Kind", &[("normal", &[]), ("anomaly", &[Shape::Text])]);
        let text = slot_misfit("p", &spec, &wrong, "k", Way::In);
        assert!(
            text.text().starts_with("in `anomaly` the spec says real"),
            "{text:?}"
        );
    }
}
