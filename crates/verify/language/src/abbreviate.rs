//! Values in messages: long ones are cut in the middle and say how long they are.

use std::fmt::{self, Write};

use crate::Value;

/// Longest text of a value in a message, in characters.
const LONGEST: usize = 120;
/// Characters kept at each end of a longer one.
const ENDS: usize = 45;
/// Items of a long list that are kept at each end.
const ITEMS: usize = 4;

/// The value as source text, cut in the middle when that is long. O(what is shown), not O(the value).
pub(crate) fn value(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::List(items) if items.len() > 2 * ITEMS + 1 => {
            let (head, tail) = (
                items.get(..ITEMS).unwrap_or_default(),
                items.get(items.len() - ITEMS..).unwrap_or_default(),
            );
            let side = |items: &[Value]| items.iter().map(short).collect::<Vec<_>>().join(", ");
            let _ = write!(
                text,
                "[{}, …, {}] ({} elements)",
                side(head),
                side(tail),
                items.len()
            );
        }
        Value::Text(t) if t.len() > LONGEST => {
            let length = t.chars().count();
            text = if length > LONGEST {
                let cut = format!("{}…{}", first(t, ENDS), last(t, ENDS));
                format!("{} ({length} characters)", Value::text(cut))
            } else {
                value.to_string()
            };
        }
        Value::Bytes(b) if b.len() > LONGEST => {
            let end = |range: &[u8]| Value::bytes(range).to_string();
            let head = b.get(..ENDS / 2).unwrap_or_default();
            let tail = b.get(b.len() - ENDS / 2..).unwrap_or_default();
            let _ = write!(text, "{}…{} ({} bytes)", end(head), end(tail), b.len());
        }
        Value::Map(map) if map.len() > 2 * ITEMS + 1 => {
            text.push('{');
            for (key, value) in map.iter().take(ITEMS) {
                let _ = write!(text, "{}: {}, ", short(key), short(value));
            }
            let _ = write!(text, "…}} ({} entries)", map.len());
        }
        _ => return short(value),
    }
    text
}

/// One value in at most [`LONGEST`] characters or so.
fn short(value: &Value) -> String {
    let mut sink = Sink {
        text: String::new(),
        room: 4 * LONGEST,
    };
    let whole = write!(sink, "{value}").is_ok();
    if whole && sink.text.chars().count() <= LONGEST {
        return sink.text;
    }
    if whole {
        return format!("{}…{}", first(&sink.text, ENDS), last(&sink.text, ENDS));
    }
    format!("{}…", first(&sink.text, 2 * ENDS))
}

fn first(text: &str, n: usize) -> &str {
    match text.char_indices().nth(n) {
        Some((at, _)) => text.get(..at).unwrap_or(text),
        None => text,
    }
}

fn last(text: &str, n: usize) -> &str {
    match text.char_indices().rev().nth(n.saturating_sub(1)) {
        Some((at, _)) => text.get(at..).unwrap_or(text),
        None => text,
    }
}

/// Takes so many bytes and then refuses.
struct Sink {
    text: String,
    room: usize,
}

impl Write for Sink {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        if s.len() > self.room {
            self.text.push_str(first(s, self.room / 4));
            self.room = 0;
            return Err(fmt::Error);
        }
        self.room -= s.len();
        self.text.push_str(s);
        Ok(())
    }
}
