//! Who may not take part.

use std::sync::Arc;

use voidstate_core::Scope;

use super::kit::{Notes, PING, asker, builder, talker};
use crate::engine::kit::FnTool;

fn refused(tools: &[&Arc<FnTool>], shards: usize) -> String {
    let (builder, _) = builder(tools);
    builder.shards(shards).build().unwrap_err().to_string()
}

fn part(name: &str, role: &str, protocol: &str) -> Arc<FnTool> {
    talker(name, role, protocol, |_, _, _| Ok(()))
}

#[test]
fn a_protocol_that_is_none_is_refused_with_its_place() {
    let error = refused(
        &[&part(
            "t",
            "a",
            "protocol P(role a, role b) { Hi( from a to b; }",
        )],
        1,
    );
    assert!(error.contains("its protocol cannot be read"), "{error}");
    assert!(refused(&[&part("t", "a", "")], 1).contains("empty text"));
}

#[test]
fn a_role_that_is_not_there_is_refused() {
    let error = refused(&[&part("t", "c", PING)], 1);
    assert!(
        error.contains("has no such role; its roles are a, b"),
        "{error}"
    );
}

#[test]
fn a_role_that_cannot_know_a_choice_is_named() {
    let text = "protocol P(role a, role b, role c) {
      choice at a { Yes() from a to b; Go() from c to b; } or { No() from a to b; }
    }";
    let error = refused(&[&part("t", "a", text)], 1);
    assert!(
        error.contains("its protocol cannot be kept") && error.contains('c'),
        "{error}"
    );
}

#[test]
fn a_role_is_played_once() {
    let notes = Notes::default();
    let error = refused(&[&asker(&notes), &part("other", "a", PING)], 1);
    assert!(
        error.contains("tool asker plays that role already"),
        "{error}"
    );
}

#[test]
fn roles_that_are_not_dual_are_refused_with_a_trace() {
    let notes = Notes::default();
    for (text, told) in [
        // Another label.
        (PING.replace("Ask(int)", "Question(int)"), "Ask"),
        // Another payload.
        (PING.replace("Ask(int)", "Ask(text)"), "Ask(int)"),
        // Another order: both wait.
        (
            "protocol Ping(role a, role b) { Tell(int, any) from b to a; Ask(int) from a to b; }"
                .to_owned(),
            "Tell",
        ),
    ] {
        let error = refused(&[&asker(&notes), &part("teller", "b", &text)], 1);
        assert!(
            error.contains("the protocols of its parties do not fit") && error.contains(told),
            "{error}"
        );
    }
    let two_roles = refused(
        &[
            &asker(&notes),
            &part("t", "b", "protocol P(role b, role c) { Hi() from b to c; }"),
        ],
        1,
    );
    assert!(
        two_roles.contains("has the roles b, c, that of tool asker has a, b"),
        "{two_roles}"
    );
    // One that can hear more than is ever said fits.
    let more = PING.replace(
        "Bye() from a to b;",
        "Bye() from a to b; } or { Later(int) from a to b;",
    );
    let (builder, _) = builder(&[&asker(&notes), &part("teller", "b", &more)]);
    builder.build().unwrap();
}

#[test]
fn payloads_are_kinds_of_values() {
    let error = refused(
        &[&part(
            "t",
            "a",
            "protocol P(role a, role b) { Hi(Vec) from a to b; }",
        )],
        1,
    );
    assert!(
        error.contains("its messages carry `Vec`; between tools they carry any, bool"),
        "{error}"
    );
}

#[test]
fn parties_share_a_scope_where_there_are_shards() {
    let notes = Notes::default();
    let single = talker("teller", "b", PING, |_, _, _| Ok(()));
    let single = Arc::into_inner(single)
        .unwrap()
        .meta(|meta| meta.scope = Scope::Single)
        .share();
    let error = refused(&[&asker(&notes), &single], 2);
    assert!(error.contains("differ in scope"), "{error}");
    let (builder, _) = builder(&[&asker(&notes), &single]);
    builder.build().unwrap();
}

#[test]
fn parties_may_name_the_roles_in_another_order() {
    let notes = Notes::default();
    let turned = PING.replace("(role a, role b)", "(role b, role a)");
    let (builder, _) = builder(&[&asker(&notes), &part("teller", "b", &turned)]);
    builder.build().unwrap();
}
