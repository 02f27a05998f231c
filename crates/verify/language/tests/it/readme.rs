//! The page about the functions is made of their table.

use std::fmt::Write;

use voidstate_language::Builtin;
use voidstate_language::builtin::CONSTANTS;

const BEGIN: &str = "<!-- functions -->\n";
const END: &str = "<!-- end of functions -->";

#[test]
fn the_readme_lists_every_function() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (table, after) = rest.split_once(END).unwrap();
    let cell = |text: &str| text.replace('|', "\\|");
    let mut expected = String::from("| function | gives |\n|---|---|\n");
    for builtin in Builtin::all() {
        let forms: Vec<String> = builtin
            .signatures
            .iter()
            .map(|s| format!("`{}{s}`", builtin.name))
            .collect();
        writeln!(
            expected,
            "| {} | {} |",
            cell(&forms.join("<br>")),
            cell(builtin.doc)
        )
        .unwrap();
    }
    for constant in CONSTANTS {
        writeln!(expected, "| `{}` | {} |", constant.name, cell(constant.doc)).unwrap();
    }
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(table, expected);
}
