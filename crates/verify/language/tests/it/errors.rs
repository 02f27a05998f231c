//! What is said about mistakes, word for word.

use std::fmt::Write;

use voidstate_language::parse;

const CASES: &str = include_str!("../golden/mistakes.txt");
const RENDERED: &str = include_str!("../golden/mistakes.rendered.txt");

/// Sources, each with the name that stands before it: `### name`.
fn cases() -> Vec<(&'static str, &'static str)> {
    let parts = CASES.split("### ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap()).collect()
}

#[test]
fn mistakes_are_explained_as_it_stands_there() {
    let mut all = String::new();
    for (name, source) in cases() {
        let wrong = parse(source)
            .err()
            .unwrap_or_else(|| panic!("{name} is no mistake"));
        for diagnostic in &wrong {
            let first = diagnostic.message.chars().next().unwrap();
            assert!(
                !first.is_uppercase() && !diagnostic.message.ends_with('.'),
                "{name}: {diagnostic}"
            );
        }
        writeln!(
            all,
            "### {name}\n{}",
            wrong.render(source, "tool.spec", false)
        )
        .unwrap();
    }
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/golden/mistakes.rendered.txt"
        );
        std::fs::write(path, &all).unwrap();
        return;
    }
    assert_eq!(all, RENDERED);
    assert!(cases().len() >= 25);
}

#[test]
fn several_mistakes_are_reported_in_order() {
    let source = "tool a {\n input x int\n requires \"p\": x = 1\n output y: string\n ensures \"ok\": y == x\n}\ntol b {}\nrecord r {}\n";
    let wrong = parse(source).unwrap_err();
    let lines: Vec<usize> = wrong
        .iter()
        .map(|d| source[..d.span.start as usize].matches('\n').count() + 1)
        .collect();
    assert_eq!(
        lines,
        [2, 3, 4, 7, 8],
        "{}",
        wrong.render(source, "x", false)
    );
}

#[test]
fn colour_changes_no_word() {
    for (_, source) in cases() {
        let wrong = parse(source).unwrap_err();
        let mut plain = String::new();
        let coloured = wrong.render(source, "tool.spec", true);
        let mut rest = coloured.as_str();
        while let Some((text, escape)) = rest.split_once('\u{1b}') {
            plain.push_str(text);
            rest = escape.split_once('m').unwrap().1;
        }
        plain.push_str(rest);
        assert_eq!(plain, wrong.render(source, "tool.spec", false));
    }
}
