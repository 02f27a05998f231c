//! What a Rust type is in the language, as a constant.

/// What a Rust type, or a type of a spec, is. Compared while compiling; the names in it are the Rust type's on one side
/// and the spec's on the other.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// `bool`
    Bool,
    /// `u8`: an `int`, and in a list part of `bytes`.
    Byte,
    /// `int`, perhaps in a unit of that symbol.
    Int(Option<&'static str>),
    /// `real`, perhaps in a unit of that symbol.
    Real(Option<&'static str>),
    /// `text`
    Text,
    /// `bytes`; of a spec alone.
    Bytes,
    /// `duration`
    Duration,
    /// `size`; of a spec alone.
    Size,
    /// `[T]`
    List(&'static Shape),
    /// `{K: V}`
    Map(&'static Shape, &'static Shape),
    /// `T?`
    Option(&'static Shape),
    /// A tuple; of none for `()`.
    Tuple(&'static [Shape]),
    /// A record or struct: its name, and name and type of each field.
    Record(&'static str, &'static [(&'static str, Shape)]),
    /// An enum: its name, and name and payload of each alternative.
    Enum(&'static str, &'static [(&'static str, &'static [Shape])]),
}

/// The shape of a number in a unit; of anything else, itself.
#[must_use]
pub const fn in_unit(shape: Shape, unit: &'static str) -> Shape {
    match shape {
        Shape::Int(_) | Shape::Byte => Shape::Int(Some(unit)),
        Shape::Real(_) => Shape::Real(Some(unit)),
        other => other,
    }
}

/// Whether two texts are the same.
pub(super) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether `name` ends in `_` and `suffix`.
pub(super) const fn ends_in(name: &str, suffix: &str) -> bool {
    let (name, suffix) = (name.as_bytes(), suffix.as_bytes());
    if suffix.is_empty() || name.len() < suffix.len() + 2 {
        return false;
    }
    let from = name.len() - suffix.len();
    if name[from - 1] != b'_' {
        return false;
    }
    let mut i = 0;
    while i < suffix.len() {
        if name[from + i] != suffix[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// How the unit of that symbol ends a Rust name.
pub(super) const fn suffix(symbol: &str) -> &'static str {
    const SUFFIXES: [(&str, &str); 14] = [
        ("ns", "ns"),
        ("us", "us"),
        ("ms", "ms"),
        ("s", "s"),
        ("min", "min"),
        ("h", "h"),
        ("d", "d"),
        ("B", "bytes"),
        ("kB", "kb"),
        ("MB", "mb"),
        ("GB", "gb"),
        ("KiB", "kib"),
        ("MiB", "mib"),
        ("GiB", "gib"),
    ];
    let mut i = 0;
    while i < SUFFIXES.len() {
        if same(SUFFIXES[i].0, symbol) {
            return SUFFIXES[i].1;
        }
        i += 1;
    }
    ""
}

/// The unit that the numbers in `shape` are in, if any: `ns` for `[int<ns>]`.
pub(super) const fn unit(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Int(unit) | Shape::Real(unit) => *unit,
        Shape::Duration => Some("ns"),
        Shape::Size => Some("B"),
        Shape::List(of) | Shape::Option(of) => unit(of),
        _ => None,
    }
}

/// Whether the Rust name `rust` stands for the spec's `spec`: the same, or with the unit at its end.
pub(super) const fn stands_for(rust: &str, spec: &str, of: &Shape) -> bool {
    if same(rust, spec) {
        return true;
    }
    let Some(unit) = unit(of) else { return false };
    let suffix = suffix(unit);
    if !ends_in(rust, suffix) {
        return false;
    }
    let (rust, spec) = (rust.as_bytes(), spec.as_bytes());
    if rust.len() != spec.len() + 1 + suffix.len() {
        return false;
    }
    let mut i = 0;
    while i < spec.len() {
        if rust[i] != spec[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether the Rust name says the unit of `of`.
pub(super) const fn says_unit(rust: &str, of: &Shape) -> bool {
    match unit(of) {
        None => false,
        Some(unit) => ends_in(rust, suffix(unit)),
    }
}
