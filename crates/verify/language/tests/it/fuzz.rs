//! Hostile sources: nothing panics, nothing hangs, and what is taken can be written and read back.
//!
//! A round is 10,000 executions; `cargo xtask soak language` runs a thousand rounds with other seeds.

use voidstate_language::{format, from_json, parse, to_json};

use crate::parsing::{TOUR, read};
use crate::soak;

/// A generator of its own, so that a seed means the same for ever (Steele, Lea and Flood, SplitMix, 2014).
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

const TOKENS: [&str; 95] = [
    "record",
    "enum",
    "define",
    "tool",
    "protocol P(role a, role b) {",
    "M(session P@a) from a to b within 5s;",
    "choice at a {",
    "rec x {",
    "continue x;",
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
    "operation",
    "if",
    "then",
    "else",
    "let",
    "in",
    "match",
    "not",
    "and",
    "or",
    "old",
    "result",
    "some",
    "none",
    "true",
    "false",
    "within",
    "relative",
    "_",
    "x",
    "Kind",
    "int",
    "real",
    "text",
    "time",
    "memory",
    "when",
    "where",
    "O",
    "log",
    "ms",
    "0",
    "1",
    "1.5",
    "9223372036854775808",
    "1e400",
    "\"a\"",
    "b\"\\xff\"",
    "\"",
    "'",
    "é",
    "\u{0}",
    "\n",
    "// c\n",
    ";",
    ",",
    ":",
    ".",
    "..",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "==",
    "=>",
    "<=>",
    "->",
    "~=",
    "+",
    "-",
    "++",
    "*",
    "/",
    "%",
    "|",
    "?",
    "!",
    "^",
    "=",
];

fn taken(source: &str) {
    match parse(source) {
        Ok(document) => {
            let text = format(&document);
            let again = parse(&text)
                .unwrap_or_else(|e| panic!("{source:?}\n{}", e.render(&text, "formatted", false)));
            assert_eq!(again, document, "{source:?}");
            assert_eq!(format(&again), text, "{source:?}");
        }
        Err(wrong) => {
            assert!(wrong.has_errors() && wrong.len() <= 50);
            let in_place = |d: &voidstate_language::Diagnostic| {
                let (start, end) = (d.span.start as usize, d.span.end as usize);
                start <= end
                    && end <= source.len()
                    && source.is_char_boundary(start)
                    && source.is_char_boundary(end)
            };
            assert!(wrong.iter().all(in_place), "{source:?}");
            assert!(!wrong.render(source, "fuzz", false).is_empty());
        }
    }
}

/// A line or a few of the tour, cut out and mutated.
fn mutated(rng: &mut Rng, source: &str) -> Vec<u8> {
    let mut bytes = source.as_bytes().to_vec();
    let start = rng.below(bytes.len());
    let length = 1 + rng.below(600);
    if rng.below(3) > 0 {
        bytes = bytes[start..(start + length).min(bytes.len())].to_vec();
    }
    for _ in 0..=rng.below(6) {
        let at = rng.below(bytes.len());
        let to = (at + rng.below(12)).min(bytes.len());
        match rng.below(6) {
            0 => drop(bytes.drain(at..to)),
            1 => bytes.insert(at, (rng.next() & 0xff) as u8),
            2 => bytes[at] = b" \n(){}[]|.,;:\"\\-0=<>"[rng.below(20)],
            3 => {
                let copy = bytes[at..to].to_vec();
                let place = rng.below(bytes.len());
                bytes.splice(place..place, copy);
            }
            4 => drop(bytes.splice(at..to, TOKENS[rng.below(TOKENS.len())].bytes())),
            _ => bytes.truncate(at.max(1)),
        }
        if bytes.is_empty() {
            return bytes;
        }
    }
    bytes
}

const ROUND: u32 = 10_000;

#[test]
fn hostile_sources_never_panic() {
    let mut rng = Rng(soak::seed(17));
    for _ in 0..soak::cases(ROUND / 2) {
        taken(&String::from_utf8_lossy(&mutated(&mut rng, TOUR)));
    }
    for _ in 0..soak::cases(ROUND / 4) {
        let count = rng.below(60);
        let soup: Vec<&str> = (0..count)
            .map(|_| TOKENS[rng.below(TOKENS.len())])
            .collect();
        taken(&format!(
            "{}{}",
            ["", "tool t { ", "define f(): int = "][rng.below(3)],
            soup.join(" ")
        ));
    }
}

#[test]
fn hostile_json_never_panics() {
    let mut rng = Rng(soak::seed(18));
    let json: Vec<String> = read(TOUR)
        .items
        .iter()
        .map(|item| {
            let one = voidstate_language::Document {
                items: vec![item.clone()],
                comments: Vec::new(),
            };
            to_json(&one).to_string()
        })
        .collect();
    for _ in 0..soak::cases(ROUND / 4) {
        let mut text = json[rng.below(json.len())].clone().into_bytes();
        for _ in 0..=rng.below(3) {
            let at = rng.below(text.len());
            match rng.below(4) {
                0 => text[at] = b"{}[]\",:019aen-"[rng.below(14)],
                1 => drop(text.remove(at)),
                2 => text.insert(at, (rng.next() & 0x7f) as u8),
                _ => {
                    let words = [&b"none"[..], b"null", b"1e999", b"-1", b"not", b"[]", b"{}"];
                    drop(text.splice(at..at, words[rng.below(7)].iter().copied()));
                }
            }
        }
        let text = String::from_utf8_lossy(&text);
        if let Ok(document) = from_json(&text) {
            assert_eq!(parse(&format(&document)).as_ref(), Ok(&document), "{text}");
        }
    }
}
