//! Rules are tested before they are used.

use voidstate_equivalence::rules::{Rules, admit};

#[test]
fn the_standard_rules_are_admitted() {
    let mut refused = Vec::new();
    for rule in Rules::claimed() {
        if let Err(e) = admit(rule, 2_000, 11) {
            refused.push(e.to_string());
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert_eq!(Rules::standard().len(), Rules::claimed().len());
}
