//! Every place where a pattern occurs.

use voidstate_spec::complexity::Counted;
use voidstate_spec::implements;

#[derive(Debug)]
pub(crate) struct NoPattern;

#[implements("specs/pattern_matcher.spec")]
pub(crate) fn pattern_matcher(text: &str, pattern: &str) -> Result<Vec<usize>, NoPattern> {
    let text: Vec<Counted<char>> = text.chars().map(Counted).collect();
    let pattern: Vec<Counted<char>> = pattern.chars().map(Counted).collect();
    if pattern.is_empty() {
        return Err(NoPattern);
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at + pattern.len() <= text.len() {
        if text[at..at + pattern.len()] == pattern[..] {
            found.push(at);
        }
        at += 1;
    }
    Ok(found)
}
