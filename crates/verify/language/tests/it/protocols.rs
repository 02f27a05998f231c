//! Protocols among the items of a document.

use voidstate_language::ast::ItemKind;
use voidstate_language::{compile, format, from_json, parse, to_json};

const SOURCE: &str = "\
record Job { id: int }

// What both say.
protocol Talk(role a, role b) {
  // First this.
  Hello(String) from a to b within 5s;
  choice at b {
    Yes(Vec<u8>) from b to a;
  } or {
    No(&'static str) from b to a;
  }
}

tool largest {
  input xs: [int]
  output y: int
  ensures \"is the largest\": y in xs
}

// Who hands it on.
protocol Broker(role client, role broker, role server) {
  Serve(session Talk@b) from broker to server;
  Go(session Talk@a) from broker to client;
  do Talk(client, server);
}

// The end.
";

#[test]
fn a_protocol_is_read_back_from_text_and_json() {
    let document = parse(SOURCE).unwrap_or_else(|d| panic!("{}", d.render(SOURCE, "test", false)));
    assert_eq!(format(&document), SOURCE);
    assert_eq!(
        from_json(&to_json(&document).to_string()).unwrap(),
        document
    );
    let kinds: Vec<bool> = document
        .items
        .iter()
        .map(|i| matches!(i.kind, ItemKind::Protocol(_)))
        .collect();
    assert_eq!(kinds, [false, true, false, true]);
    let checked = compile(SOURCE).unwrap();
    assert_eq!((checked.tools.len(), checked.protocols.len()), (1, 2));
    assert!(checked.protocols[1].starts_with("protocol Broker("));
    assert!(crate::schema::is_valid(&to_json(&document)));
}

#[test]
fn what_is_wrong_inside_a_protocol_is_shown_where_it_stands() {
    let source = "define one(): int = 1\n\nprotocol Talk(role a, role b) {\n  Hello() from a to c;\n}\n\ntool t {\n  input x: int\n  output y: int\n}\n";
    let wrong = parse(source).unwrap_err();
    assert_eq!(wrong.len(), 1);
    let first = &wrong.as_slice()[0];
    assert_eq!(first.message, "there is no role `c`");
    assert_eq!(first.advice.as_deref(), Some("the roles are `a`, `b`"));
    let (from, to) = (first.span.start as usize, first.span.end as usize);
    assert_eq!(&source[from..to], "c");
}

#[test]
fn two_protocols_of_one_name_are_refused_and_strange_signs_are_still_seen() {
    let twice = "protocol P(role a, role b) {\n  M() from a to b;\n}\n\nprotocol P(role a, role b) {\n  M() from a to b;\n}\n";
    assert_eq!(
        parse(twice).unwrap_err().as_slice()[0].message,
        "there is a protocol `P` already"
    );
    // `@` is a sign of protocols only.
    for bad in [
        "protocol P(role a, role b) {\n  M() from a to b;\n}\n\n@\n",
        "protocol P(role a, role b) {\n  M(@) from a to b;\n}\n",
        "protocol P(role a, role b) {\n  M() from a to b;\n",
        "protocol P(role a, role b)\n\ntool t {\n  input x: int\n}\n",
        "protocol P(role a, role b) {\n  M(\"}\") from a to b;\n}\n",
        "protocol",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
    let unclosed = parse(
        "protocol P(role a, role b) {\n  M() from a to b;\n\ntool t {\n  input x: int\n  output y: int\n}\n",
    );
    assert_eq!(
        unclosed.unwrap_err().len(),
        1,
        "reading goes on at the tool"
    );
}

#[test]
fn json_with_a_text_that_is_not_canonical_is_refused() {
    let with = |text: &str| format!(r#"{{"items": [{{"kind": {{"protocol": {text:?}}}}}]}}"#);
    let good = "protocol P(role a, role b) {\n  M() from a to b;\n}";
    assert!(from_json(&with(good)).is_ok());
    for bad in [
        "",
        "protocol P(role a, role b) { M() from a to b; }",
        "// c\nprotocol P(role a, role b) {\n  M() from a to b;\n}",
        "protocol P(role a, role b) {\n  M() from a to c;\n}",
        "protocol P(role a, role b) {\n  M() from a to b;\n}\n\nprotocol Q(role a, role b) {\n  M() from a to b;\n}",
    ] {
        assert!(from_json(&with(bad)).is_err(), "{bad}");
    }
}
