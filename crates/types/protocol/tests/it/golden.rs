//! What is said about wrong protocols, word for word. `VOIDSTATE_BLESS=1` writes the files anew.

use std::path::Path;

use voidstate_protocol::{parse, render};

const WRONG: [(&str, &str); 10] = [
    (
        "no-role",
        "protocol P(role a, role b) {\n  M() from a to c;\n}\n",
    ),
    (
        "no-loop",
        "protocol P(role a, role b) {\n  rec x {\n    M() from a to b;\n    continue y;\n  }\n}\n",
    ),
    (
        "unreached",
        "protocol P(role a, role b) {\n  rec x {\n    M() from a to b;\n    continue x;\n    N() from a to b;\n  }\n}\n",
    ),
    (
        "empty-loop",
        "protocol P(role a, role b) {\n  rec x {\n    continue x;\n  }\n}\n",
    ),
    (
        "wrong-chooser",
        "protocol P(role a, role b) {\n  choice at a {\n    M() from a to b;\n  } or {\n    N() from b to a;\n  }\n}\n",
    ),
    (
        "same-label",
        "protocol P(role a, role b) {\n  choice at a {\n    M() from a to b;\n  } or {\n    M(u8) from a to b;\n  }\n}\n",
    ),
    (
        "out-of-family",
        "protocol P(role a, role w[3]) {\n  for i in w {\n    M() from w[i] to w[i + 1];\n  }\n}\n",
    ),
    (
        "gone",
        "protocol P(role a, role b) {\n  {\n    M() from a to b;\n  } crash a {\n    N() from b to a;\n  }\n}\n",
    ),
    (
        "unclosed",
        "protocol P(role a, role b) {\n  M() from a to b\n  N(Vec<u8) from b to a;\n",
    ),
    (
        "unknowable",
        "protocol P(role a, role b, role c) {\n  choice at a {\n    M() from a to b;\n    Next(u8) from b to c;\n  } or {\n    N() from a to b;\n    Next(u16) from b to c;\n  }\n}\n",
    ),
];

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "golden files are written where the environment says so"
)]
fn what_is_wrong_is_said_word_for_word() {
    for (name, text) in WRONG {
        let said = match parse(text) {
            Err(wrong) => render(&wrong, text, "wrong.vsp"),
            Ok(protocols) => {
                let error = protocols[0].project_all().unwrap_err();
                error.diagnostic().unwrap().render(text, "wrong.vsp")
            }
        };
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(format!("{name}.txt"));
        if std::env::var_os("VOIDSTATE_BLESS").is_some() {
            std::fs::write(&path, &said).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&path).unwrap_or_default(),
            said,
            "{name}"
        );
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_machine_is_data() {
    let machine = crate::examples::last(crate::examples::STREAMING)
        .machines()
        .unwrap()
        .remove(0);
    let data = serde_json::to_value(&machine).unwrap();
    assert_eq!(
        data["states"].as_array().unwrap().len(),
        machine.states().len()
    );
    let text = data["states"][0]["transitions"][0].to_string();
    let read: voidstate_protocol::Transition = serde_json::from_str(&text).unwrap();
    assert_eq!(read, machine.transitions(0)[0]);
}
