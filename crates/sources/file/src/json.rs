//! Rows of JSON lines.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::delimited::Step;
use crate::lines::{LineAt, Lines};
use crate::options::COLUMNS_MAX;
use crate::stats::{Reason, excerpt};

/// Objects nested deeper are not read.
const DEPTH_MAX: usize = 8;

/// Receives the members of one object, outermost first.
trait Members {
    /// A scalar; false stops with "given twice".
    fn scalar(&mut self, name: &str, text: &[u8]) -> bool;
    /// An array, or an object too deep to be read.
    fn other(&mut self, name: &str);
}

/// Walks one line.
fn walk(line: &str, name: &mut String, to: &mut dyn Members) -> Result<(), serde_json::Error> {
    name.clear();
    let mut json = serde_json::Deserializer::from_str(line);
    Object { name, to, depth: 0 }.deserialize(&mut json)?;
    json.end()
}

struct Object<'x> {
    name: &'x mut String,
    to: &'x mut dyn Members,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let outer = self.name.len();
        while map.next_key_seed(Key(self.name))?.is_some() {
            let raw: &RawValue = map.next_value()?;
            self.member(raw.get()).map_err(A::Error::custom)?;
            self.name.truncate(outer);
        }
        Ok(())
    }
}

impl Object<'_> {
    fn member(&mut self, raw: &str) -> Result<(), serde_json::Error> {
        let fresh = match raw.as_bytes() {
            [b'{', ..] if self.depth + 1 < DEPTH_MAX => {
                self.name.push('.');
                let inner = Object {
                    name: self.name,
                    to: self.to,
                    depth: self.depth + 1,
                };
                return serde_json::Deserializer::from_str(raw).deserialize_map(inner);
            }
            [b'{' | b'[', ..] => {
                self.to.other(self.name);
                true
            }
            [b'"', text @ .., b'"'] if !text.contains(&b'\\') => self.to.scalar(self.name, text),
            [b'"', ..] => {
                let text: String = serde_json::from_str(raw)?;
                self.to.scalar(self.name, text.as_bytes())
            }
            text => self.to.scalar(self.name, text),
        };
        if fresh {
            Ok(())
        } else {
            Err(serde_json::Error::custom(TWICE))
        }
    }
}

/// Marks a member given twice among the parser's own errors.
const TWICE: &str = "a member is given twice";

/// Appends a key to a name.
struct Key<'x>(&'x mut String);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E>(self, key: &str) -> Result<(), E> {
        self.0.push_str(key);
        Ok(())
    }
}

/// Cells of JSON objects in the order of known names.
pub(crate) struct Json {
    limit: usize,
    name: String,
    known: Known,
}

struct Known {
    names: Vec<String>,
    index: HashMap<String, usize>,
    text: Vec<u8>,
    cells: Vec<Option<Range<usize>>>,
    next: usize,
    unknown: u64,
    twice: bool,
}

impl Members for Known {
    fn scalar(&mut self, name: &str, text: &[u8]) -> bool {
        // Rows mostly keep the order of the first.
        let expected = self.names.get(self.next).is_some_and(|n| n == name);
        let index = if expected {
            Some(self.next)
        } else {
            self.index.get(name).copied()
        };
        let Some(index) = index else {
            self.unknown += 1;
            return true;
        };
        self.next = index + 1;
        let start = self.text.len();
        self.text.extend_from_slice(text);
        let Some(cell) = self.cells.get_mut(index) else {
            return true;
        };
        self.twice |= cell.replace(start..self.text.len()).is_some();
        !self.twice
    }

    fn other(&mut self, name: &str) {
        if !self.index.contains_key(name) {
            self.unknown += 1;
        }
    }
}

impl Json {
    pub(crate) fn new(names: Vec<String>, limit: usize) -> Self {
        let index = names
            .iter()
            .enumerate()
            .map(|(i, n)| (n.clone(), i))
            .collect();
        let known = Known {
            cells: vec![None; names.len()],
            names,
            index,
            text: Vec::new(),
            next: 0,
            unknown: 0,
            twice: false,
        };
        Self {
            limit,
            name: String::new(),
            known,
        }
    }

    /// A cell of the present row; empty when it is not there.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        match self.known.cells.get(index) {
            Some(Some(range)) => self.known.text.get(range.clone()).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Members of the present row that are not known.
    pub(crate) const fn unknown(&self) -> u64 {
        self.known.unknown
    }

    /// Goes to the next row.
    pub(crate) fn step(&mut self, lines: &mut Lines) -> Step {
        let (body, total) = match lines.line_at(0) {
            LineAt::Line { body, total } => (body, total),
            LineAt::End => return Step::End,
            LineAt::CutOff => {
                lines.skip_line();
                return Step::Bad(Reason::CutOff);
            }
            LineAt::TooLong => {
                lines.skip_line();
                return Step::Bad(Reason::TooLong { limit: self.limit });
            }
        };
        let start = lines.position();
        lines.consume(total, 1);
        let line = lines.slice(start..start + body).trim_ascii();
        if line.is_empty() {
            return Step::Blank;
        }
        let known = &mut self.known;
        known.text.clear();
        known.cells.fill(None);
        (known.next, known.unknown, known.twice) = (0, 0, false);
        let walked = match std::str::from_utf8(line) {
            Ok(line) => walk(line, &mut self.name, known).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match walked {
            Ok(()) => Step::Row,
            Err(_) if self.known.twice => Step::Bad(Reason::Twice {
                name: excerpt(self.name.as_bytes()),
            }),
            Err(message) => Step::Bad(Reason::Json {
                message: excerpt(message.as_bytes()),
            }),
        }
    }
}

/// A member of a sample row.
pub(crate) struct Member {
    pub(crate) name: String,
    /// `None` for arrays and objects that are too deep.
    pub(crate) text: Option<Vec<u8>>,
}

#[derive(Default)]
struct Collect(Vec<Member>);

impl Members for Collect {
    fn scalar(&mut self, name: &str, text: &[u8]) -> bool {
        let name = name.to_owned();
        let text = Some(text.to_owned());
        self.0.push(Member { name, text });
        true
    }

    fn other(&mut self, name: &str) {
        let name = name.to_owned();
        self.0.push(Member { name, text: None });
    }
}

/// All members of one line, for finding the layout.
pub(crate) fn members(line: &[u8]) -> Result<Vec<Member>, String> {
    let line = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    let mut collect = Collect::default();
    walk(line, &mut String::new(), &mut collect).map_err(|error| error.to_string())?;
    collect.0.truncate(COLUMNS_MAX);
    Ok(collect.0)
}

/// Checks a value's syntax only.
pub(crate) fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}
