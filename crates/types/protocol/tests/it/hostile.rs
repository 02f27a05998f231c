//! No text makes the parser panic or hang.

use voidstate_protocol::{Bounds, MAX_DEPTH, mermaid, mutate, parse, render};

use crate::examples;
use crate::soak;
use crate::walk::Dice;

const TOKENS: [&str; 60] = [
    "protocol ",
    "P",
    "role ",
    "a",
    "b",
    "w",
    "N",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    "=",
    "3",
    "0",
    "4294967295",
    "99999999999",
    "5s",
    "500ms",
    "1x",
    "choice at ",
    "or ",
    "crash ",
    "rec ",
    "continue ",
    "do ",
    "for ",
    "i",
    " in ",
    "..",
    "+",
    "-",
    "*",
    "%",
    "from ",
    "to ",
    "within ",
    "session ",
    "@",
    "::",
    "'",
    "&",
    "!",
    "// c\n",
    "\n",
    " ",
    "\u{202e}",
    "é",
    "\"",
    "protocol P(role a, role b) {",
    "M() from a to b;",
    "rec x { M() from a to b; continue x; }",
    "->",
    "\t",
    "\0",
];

/// Everything that may be done with what was read; the checker looks only a little.
fn use_up(text: &str) {
    match parse(text) {
        Ok(protocols) => {
            for protocol in &protocols {
                let again = voidstate_protocol::format(std::slice::from_ref(protocol));
                assert!(!again.is_empty());
                let _ = mermaid(protocol);
                let _ = protocol.check(Bounds {
                    queue: 1,
                    configurations: 200,
                });
                assert!(mutate(protocol).len() < 100_000);
            }
        }
        Err(wrong) => {
            assert!(!wrong.is_empty() && wrong.len() <= 50);
            assert!(render(&wrong, text, "hostile").contains("error: "));
        }
    }
}

#[test]
fn hostile_tokens_never_panic() {
    let mut dice = Dice::new(soak::seed(11));
    for _ in 0..soak::cases(3_000) {
        let mut text = if dice.below(2) == 0 {
            "protocol P<N = 2>(role a, role b, role w[N]) {".to_owned()
        } else {
            String::new()
        };
        for _ in 0..dice.below(60) {
            text.push_str(TOKENS[dice.below(TOKENS.len())]);
        }
        use_up(&text);
    }
}

#[test]
fn hostile_changes_of_examples_never_panic() {
    let mut dice = Dice::new(soak::seed(12));
    for _ in 0..soak::cases(1_500) {
        let mut text: Vec<char> = examples::ALL[dice.below(examples::ALL.len())]
            .1
            .chars()
            .collect();
        for _ in 0..=dice.below(4) {
            let at = dice
                .below(text.len().max(1))
                .min(text.len().saturating_sub(1));
            if text.is_empty() {
                break;
            }
            match dice.below(4) {
                0 => drop(text.remove(at)),
                1 => text
                    .splice(at..at, TOKENS[dice.below(TOKENS.len())].chars())
                    .for_each(drop),
                2 => text.truncate(at.max(1)),
                _ => {
                    let to = dice.below(text.len());
                    text.swap(at, to);
                }
            }
        }
        use_up(&text.into_iter().collect::<String>());
    }
}

#[test]
fn hostile_depths_and_sizes_are_refused() {
    let deep = |open: &str, close: &str, n: usize| {
        let head = "protocol P(role a, role b) {";
        format!(
            "{head}{}M() from a to b;{}}}",
            open.repeat(n),
            close.repeat(n)
        )
    };
    for n in [MAX_DEPTH / 2, MAX_DEPTH, 1_000, 50_000] {
        for (open, close) in [
            ("choice at a {", "}"),
            ("{", "} crash a {}"),
            ("for i in 0..1 {", "}"),
        ] {
            use_up(&deep(open, close, n));
        }
        use_up(&format!(
            "protocol P(role a, role w[{}1{}]) {{}}",
            "(".repeat(n),
            ")".repeat(n)
        ));
        use_up(&format!(
            "protocol P(role a, role w[1{}]) {{}}",
            "+1".repeat(n)
        ));
        use_up(&format!(
            "protocol P(role a, role b) {{ M({}u8{}) from a to b; }}",
            "Vec<".repeat(n),
            ">".repeat(n)
        ));
    }
    assert!(parse(&deep("choice at a {", "}", MAX_DEPTH - 2)).is_ok());
    // What is short and becomes long when it is written out.
    let many = "for i in 0..100000 {".repeat(10) + &"}".repeat(10);
    use_up(&format!("protocol P(role a, role b) {{ {many} }}"));
    use_up("protocol P(role w[4294967295]) {}");
    let mut doubling = "protocol P0(role a, role b) { M() from a to b; }\n".to_owned();
    for i in 1..40 {
        doubling.push_str(&format!(
            "protocol P{i}(role a, role b) {{ do P{0}(a, b); do P{0}(a, b); }}\n",
            i - 1
        ));
    }
    use_up(&doubling);
    let mut chain = "protocol P0(role a, role b) { M() from a to b; }\n".to_owned();
    for i in 1..2_000 {
        chain.push_str(&format!(
            "protocol P{i}(role a, role b) {{ do P{}(a, b); }}\n",
            i - 1
        ));
    }
    use_up(&chain);
    let huge = "M() from a to b;\n".repeat(300_000);
    assert_eq!(parse(&huge).unwrap_err().len(), 1);
}

#[test]
fn a_megabyte_of_anything_ends() {
    for text in [
        "{".repeat(1 << 20),
        "protocol ".repeat(1 << 16),
        "M() from a to b;".repeat(1 << 15),
        "é".repeat(1 << 19),
        "//\n".repeat(1 << 18),
    ] {
        use_up(&text);
    }
    let body = "M(Vec<u8>) from a to b;\n".repeat(40_000);
    assert!(parse(&format!("protocol P(role a, role b) {{\n{body}}}\n")).is_ok());
}
