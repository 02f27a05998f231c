//! Texts.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces that break whoever cuts, pads, counts, prints or parses.
const PIECES: [&str; 30] = [
    "a",
    "",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "\"",
    "\\",
    "'",
    "{}",
    "%s",
    "</script>",
    "=1+1",
    "../..",
    "\u{1b}[31m",
    "\u{1b}]0;title\u{7}",
    "\u{202e}rtl\u{202c}",
    "\u{5d0}\u{5d1}",
    "\u{301}",
    "e\u{301}",
    "\u{200d}",
    "\u{feff}",
    "\u{1f469}\u{200d}\u{1f680}",
    "\u{1f1e9}",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{d7ff}",
    "\u{df}",
    "\u{130}",
    "\u{2028}",
];

/// At most `chars_max` characters, cut between characters.
fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

/// Texts that break whoever cuts, pads, counts, prints or parses them: control characters, escapes of terminals, text
/// that runs right to left, lone combining marks, joined emoji, quotes, texts as long as may be. Shrinks towards few plain pieces.
pub fn hostile_text(chars_max: usize) -> impl Strategy<Value = String> + Clone {
    let pieces = vec(select(PIECES.to_vec()), 0..=chars_max.min(12));
    let length = prop_oneof![1 => 0..=chars_max, 3 => Just(chars_max)];
    let long = (select(vec!["a", "\u{301}", "\u{1f680}", "\0"]), length)
        .prop_map(|(c, length)| c.repeat(length));
    prop_oneof![
        8 => pieces.prop_map(move |pieces| cut(&pieces.concat(), chars_max)),
        1 => long,
    ]
}

/// Any text of at most `chars_max` characters, mostly everyday, sometimes hostile. Shrinks towards the empty text.
pub fn text(chars_max: usize) -> impl Strategy<Value = String> + Clone {
    let letters = vec(proptest::char::range('a', 'z'), 0..=chars_max);
    let chars = vec(any::<char>(), 0..=chars_max);
    prop_oneof![
        4 => letters.prop_map(|chars| chars.into_iter().collect::<String>()),
        1 => chars.prop_map(|chars| chars.into_iter().collect::<String>()),
        2 => hostile_text(chars_max),
    ]
}
