//! Reading and writing the tour of the language.

use voidstate_language::ast::{ExprKind, ItemKind, MemberKind};
use voidstate_language::{Document, Span, format, parse};

pub(crate) const TOUR: &str = include_str!("../golden/tour.spec");
const FORMATTED: &str = include_str!("../golden/tour.formatted.spec");

pub(crate) fn read(source: &str) -> Document {
    parse(source).unwrap_or_else(|e| panic!("{}", e.render(source, "test", false)))
}

#[test]
fn the_tour_is_formatted_as_it_stands_there() {
    let text = format(&read(TOUR));
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/golden/tour.formatted.spec"
        );
        std::fs::write(path, &text).unwrap();
        return;
    }
    assert_eq!(text, FORMATTED);
    assert_eq!(format(&read(&text)), text);
    assert!(text.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn line_ends_tabs_and_a_mark_at_the_start_change_nothing() {
    let tour = read(TOUR);
    assert_eq!(read(&TOUR.replace('\n', "\r\n")), tour);
    assert_eq!(read(&TOUR.replace("  ", "\t")), tour);
    assert_eq!(read(&format!("\u{feff}{TOUR}")), tour);
    let empty = [read(""), read("\u{feff}"), read(" ; \r\n\t")];
    assert!(
        empty
            .iter()
            .all(|d| *d == Document::default() && format(d).is_empty())
    );
}

#[test]
fn no_comment_is_lost() {
    let comments = |text: &str| {
        let mut all: Vec<String> = text
            .lines()
            .filter_map(|l| Some(l.split_once("//")?.1.trim().to_owned()))
            .collect();
        all.sort();
        all
    };
    let source = "// a\ntool t { // b\n // c\n input x: int // d\n ensures \"e\": x == // e\n 1 ; // f\n // g\n}\n// h\nrecord R { // i\n x: int // j\n} // k\n tool u {\n// l\n}\n// m";
    let text = format(&read(source));
    assert_eq!(comments(&text), comments(source));
    assert_eq!(comments(&format(&read(TOUR))), comments(TOUR));
    // One at the end of a line belongs to what stands on that line.
    assert!(text.contains("  // d\n  input x: int\n"), "{text}");
    assert!(text.contains("// i\n// j\n// k\nrecord R"), "{text}");
}

#[test]
fn spans_cover_what_was_read() {
    let source = "define f(x: int): int = (x + 1) * 2";
    let document = read(source);
    let text = |span: Span| &source[span.start as usize..span.end as usize];
    let ItemKind::Define(define) = &document.items[0].kind else {
        panic!()
    };
    assert_eq!(text(document.items[0].span), source);
    assert_eq!(text(define.name.span), "f");
    assert_eq!(text(define.body.span), "(x + 1) * 2");
    let ExprKind::Binary(_, sum, two) = &*define.body.kind else {
        panic!()
    };
    assert_eq!((text(sum.span), text(two.span)), ("(x + 1)", "2"));
}

/// Texts that mean the same.
#[test]
fn what_binds_stronger_is_read_first() {
    for (short, long) in [
        ("a => b => c", "a => (b => c)"),
        ("a <=> b <=> c", "(a <=> b) <=> c"),
        ("a or b and not c == d", "a or (b and (not (c == d)))"),
        ("not a and b", "(not a) and b"),
        ("a and not b or c", "(a and (not b)) or c"),
        ("a - b - c", "(a - b) - c"),
        ("a + b * -c.x[0]", "a + (b * (-((c.x)[0])))"),
        ("1 + 2..3 * 4 == xs", "((1 + 2)..(3 * 4)) == xs"),
        ("if a then b else c + d", "if a then b else (c + d)"),
        (
            "if a then if b then c else d else e",
            "if a then (if b then c else d) else e",
        ),
        ("f(|x| x or y, z)", "f((|x| (x or y)), z)"),
        ("let x = a in b in c", "let x = a in (b in c)"),
        ("x[a..b + 1]", "x[(a)..(b + 1)]"),
        ("a ~= b + c within 1e-9", "a ~= (b + c) within (1e-9)"),
        ("- 5 ms", "-5 ms"),
        ("m[not a]", "m[(not a)]"),
        ("match K { k -> a, }", "match (K) { k -> (a) }"),
    ] {
        let of = |e: &str| read(&format!("define f(): int = {e}"));
        assert_eq!(of(short), of(long), "{short}");
        let written = format(&of(long));
        let minimal = short.replace("- 5", "-5").replace(", }", " }");
        assert_eq!(written, format!("define f(): int = {minimal}\n"));
    }
    let differs = |a: &str, b: &str| {
        let of = |e: &str| read(&format!("define f(): int = {e}"));
        assert_ne!(of(a), of(b));
    };
    differs("x[1..2]", "x[(1..2)]");
    differs("-5", "-(5)");
    differs("(Kind).normal", "Kind.normal");
    differs("a < b < c", "(a < b) < c");
    differs("(1).0", "1.0");
}

#[test]
fn members_end_where_the_next_begins() {
    let one = "tool t { state x: int; ensures \"e\": x == 1; fails \"f\": state.x == 2; example () => fails; fails \"g\": true }";
    let other = one.replace(';', "\n").replace("==", "\n==\n");
    assert_eq!(read(one), read(&other));
    let document = read(one);
    let ItemKind::Tool(tool) = &document.items[0].kind else {
        panic!()
    };
    assert_eq!(tool.body.members.len(), 5);
    assert!(matches!(tool.body.members[3].kind, MemberKind::Example(_)));
}
