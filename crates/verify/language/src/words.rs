//! Words that mean something to the grammar, and limits on what is written.

/// Words that begin an item.
pub(crate) const ITEMS: [&str; 5] = ["record", "enum", "define", "tool", "protocol"];

/// Words that begin a member.
pub(crate) const MEMBERS: [&str; 13] = [
    "input",
    "output",
    "state",
    "requires",
    "fails",
    "ensures",
    "invariant",
    "complexity",
    "budget",
    "effects",
    "permissions",
    "example",
    "scenario",
];

/// The member that has members.
pub(crate) const OPERATION: &str = "operation";

/// Words of expressions that name nothing else.
const EXPRESSION: [&str; 18] = [
    "if", "then", "else", "let", "in", "match", "not", "and", "or", "old", "result", "some",
    "none", "true", "false", "within", "relative", "_",
];

/// Names of types that need no declaration.
pub(crate) const TYPES: [&str; 7] = ["bool", "int", "real", "text", "bytes", "duration", "size"];

/// Nodes of a tree above each other, and brackets inside each other.
pub(crate) const MAX_DEPTH: u32 = 128;

/// Bytes of a source text.
pub(crate) const MAX_SOURCE: usize = 64 << 20;

/// Digits after the point of a quantity.
pub(crate) const MAX_DECIMALS: u8 = 18;

pub(crate) fn begins_item(word: &str) -> bool {
    ITEMS.contains(&word)
}

pub(crate) fn begins_member(word: &str) -> bool {
    word == OPERATION || MEMBERS.contains(&word)
}

/// Whether the word cannot be a name.
pub(crate) fn is_reserved(word: &str) -> bool {
    begins_item(word) || begins_member(word) || EXPRESSION.contains(&word)
}

/// Whether the word is made like a word: a letter or `_`, then letters, digits and `_`, all ASCII.
pub(crate) fn is_word(text: &str) -> bool {
    text.starts_with(begins_word) && text.chars().all(continues_word)
}

pub(crate) fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

pub(crate) fn continues_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a record or an enum may bear this name: it begins with a capital letter, so that `Kind.normal` is told from
/// `kind.field` without knowing what is declared.
pub(crate) fn is_type_name(text: &str) -> bool {
    is_word(text) && text.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Characters that stand in no source text as themselves: controls, and marks that reorder or hide what is read.
pub(crate) fn is_forbidden(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        c => c.is_control(),
    }
}
