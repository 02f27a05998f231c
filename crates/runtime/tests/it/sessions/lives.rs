//! Conversations: how they go, and what ends them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use voidstate_core::{Attributes, Effect, Error, Lifecycle};

use super::kit::{Notes, PING, asker, beat, reason, seconds, talk, talker, teller};
use crate::engine::kit::{FnTool, id};

#[test]
fn two_tools_talk_as_declared() {
    let notes = Notes::default();
    let (mut engine, _, handle) = beat(&[&asker(&notes), &teller(&notes)]);
    seconds(&mut engine, 3);
    assert_eq!(
        notes.take(),
        ["Tell [Int(2), Text(\"x\")]", "Tell [Int(4), Text(\"x\")]"]
    );
    let stats = talk(&handle);
    assert_eq!((stats.begun, stats.under_way, stats.cancelled), (1, 1, 0));
    assert_eq!((stats.sent, stats.refused), (6, 0));
}

#[test]
fn a_session_is_closed_until_every_role_is_played() {
    let notes = Notes::default();
    let (mut engine, _, handle) = beat(&[&asker(&notes)]);
    seconds(&mut engine, 1);
    assert_eq!(notes.take(), ["asker: closed"]);
    assert_eq!(talk(&handle).begun, 0);
    let (mut engine, _, handle) = beat(&[&asker(&notes), &teller(&notes)]);
    handle.suspend(&id("teller"), "for now").unwrap();
    seconds(&mut engine, 1);
    assert_eq!(notes.take(), ["asker: closed"]);
    handle.resume(&id("teller")).unwrap();
    seconds(&mut engine, 2);
    assert_eq!(notes.take().len(), 1, "they talk");
    assert_eq!(talk(&handle).begun, 1);
}

#[test]
fn a_suspended_peer_cancels_and_the_session_begins_anew() {
    let notes = Notes::default();
    let (mut engine, _, handle) = beat(&[&asker(&notes), &teller(&notes)]);
    seconds(&mut engine, 2);
    notes.take();
    handle.suspend(&id("teller"), "maintenance").unwrap();
    seconds(&mut engine, 3);
    let told = notes.take();
    // The answer that was sent before is heard, then the question goes nowhere, then it is told once.
    assert_eq!(told[0], "Tell [Int(4), Text(\"x\")]");
    assert!(
        told[1].contains("cancelled by role b (tool teller): it is suspended: maintenance"),
        "{told:?}"
    );
    assert_eq!(told[2..], ["asker: closed"; 2], "told once");
    handle.resume(&id("teller")).unwrap();
    seconds(&mut engine, 2);
    assert_eq!(notes.take().len(), 1, "they talk again");
    let stats = talk(&handle);
    assert_eq!((stats.begun, stats.cancelled), (2, 1));
}

#[test]
fn a_detached_peer_cancels_and_another_may_take_its_place() {
    let notes = Notes::default();
    let teller = teller(&notes);
    let (mut engine, _, handle) = beat(&[&asker(&notes), &teller]);
    seconds(&mut engine, 1);
    handle.detach(&id("teller")).unwrap();
    seconds(&mut engine, 2);
    let told = notes.take();
    assert!(
        told.iter()
            .any(|t| t.contains("cancelled by role b (tool teller): it was detached")),
        "{told:?}"
    );
    handle
        .attach_with(&id("teller"), &Attributes::new())
        .unwrap();
    seconds(&mut engine, 3);
    assert!(notes.take().iter().any(|t| t.starts_with("Tell")));
}

#[test]
fn a_breach_suspends_who_did_it_and_cancels_for_the_others() {
    let notes = Notes::default();
    let heard = AtomicU64::new(0);
    let bad = talker("bad", "b", PING, move |_, _, ctx| {
        if ctx.session_receive("talk")?.is_none() {
            return Ok(());
        }
        // Errors are not the way to hide it.
        let _ = match heard.fetch_add(1, Ordering::SeqCst) + 1 {
            1 => ctx.session_send("talk", "a", "Lie", vec![]),
            2 => ctx.session_send("talk", "a", "Tell", vec!["x".into(), 1.into()]),
            _ => ctx.session_receive("talk").map(drop),
        };
        Ok(())
    });
    let (mut engine, _, handle) = beat(&[&asker(&notes), &bad]);
    let breaches = [
        "it broke a protocol: session \"talk\", role \"b\": `!a:Lie` came to `b` in state 1, expected was `!a:Tell(int, any)`",
        "`Tell(text, any)` came to `b` in state 1, it should be `Tell(int, any)`",
        "it wants to receive in state 1, expected was `!a:Tell`",
    ];
    for breach in breaches {
        seconds(&mut engine, 1);
        let mut waited = 0;
        while !matches!(
            handle.state(&id("bad")).unwrap(),
            voidstate_core::LifecycleState::Suspended { .. }
        ) {
            seconds(&mut engine, 1);
            waited += 1;
            assert!(waited < 10, "never suspended: {:?}", notes.take());
        }
        let reason = reason(&handle, "bad");
        assert!(reason.contains(breach), "{reason}");
        seconds(&mut engine, 1);
        let told = notes.take();
        assert!(
            told.iter()
                .any(|t| t.contains("asker: cancelled by role b (tool bad): it broke the protocol")),
            "{told:?}"
        );
        // Unless the retry came first.
        let _ = handle.resume(&id("bad"));
    }
    assert_eq!(
        handle.state(&id("asker")).unwrap(),
        voidstate_core::LifecycleState::Attached
    );
}

#[test]
fn a_session_is_used_only_where_it_is_declared() {
    let notes = Notes::default();
    let said = notes.clone();
    let stranger = FnTool::new("stranger", &[Effect::Session], move |_, _, ctx| {
        said.add(format!("{}", ctx.session_is_open("talk").unwrap_err()));
        Ok(())
    })
    .share();
    let silent = talker("silent", "a", PING, |_, _, ctx| {
        ctx.session_is_open("other").map(drop)
    });
    let undeclared = FnTool::new("undeclared", &[], |_, _, ctx| {
        let _ = ctx.session_receive("talk");
        Ok(())
    })
    .share();
    let (mut engine, _, handle) = beat(&[&stranger, &silent, &undeclared]);
    seconds(&mut engine, 3);
    assert!(notes.take()[0].contains("no session named \"talk\""));
    assert!(reason(&handle, "silent").contains("no session named \"other\""));
    assert!(reason(&handle, "undeclared").contains("used the effect session"));
}

/// The reader answers when it likes; the writer never waits for it.
const STREAM: &str = "protocol Stream(role a, role b) {
  rec again { Item(any) from a to b; continue again; }
}";

#[test]
fn what_waits_is_bounded_and_refusals_are_counted() {
    let notes = Notes::default();
    let said = notes.clone();
    let writer = talker("writer", "a", STREAM, move |call, _, ctx| {
        let result = match call {
            1 => (0..300)
                .try_for_each(|n: i64| ctx.session_send("talk", "b", "Item", vec![n.into()])),
            2 => ctx.session_send("talk", "b", "Item", vec![vec![0_u8; 2 << 20].into()]),
            _ => Ok(()),
        };
        if let Err(Error::Session { reason, .. }) = result {
            said.add(reason);
        }
        Ok(())
    });
    let said = notes.clone();
    let reader = talker("reader", "b", STREAM, move |call, _, ctx| {
        let mut heard = 0;
        while call > 1 && ctx.session_receive("talk")?.is_some() {
            heard += 1;
        }
        said.add(format!("heard {heard}"));
        Ok(())
    });
    let (mut engine, _, handle) = beat(&[&writer, &reader]);
    seconds(&mut engine, 3);
    let told = notes.take();
    assert_eq!(told[0], "256 messages wait for role b already");
    assert_eq!(told[1], "heard 0");
    assert!(told[2].contains("at most 1048576"), "{told:?}");
    assert_eq!(told[3..], ["heard 256", "heard 0"]);
    assert_eq!((talk(&handle).sent, talk(&handle).refused), (256, 2));
}

const TIMED: &str = "protocol Timed(role a, role b) {
  rec again {
    Ask(int) from a to b;
    Tell(int) from b to a within 3s;
    continue again;
  }
}";

#[test]
fn who_does_not_speak_in_time_cancels_for_both() {
    let notes = Notes::default();
    let said = notes.clone();
    let is_told = AtomicBool::new(false);
    let a = talker("a", "a", TIMED, move |call, _, ctx| {
        if is_told.load(Ordering::SeqCst) {
            return Ok(());
        }
        let done = if call == 1 {
            ctx.session_send("talk", "b", "Ask", vec![1.into()])
        } else {
            ctx.session_receive("talk").map(drop)
        };
        if let Err(Error::Session { reason, .. }) = done {
            is_told.store(true, Ordering::SeqCst);
            said.add(format!("{call} a: {reason}"));
        }
        Ok(())
    });
    let said = notes.clone();
    let b = talker("b", "b", TIMED, move |call, _, ctx| {
        // It hears the question, and answers never.
        let done = match call {
            1 => ctx.session_receive("talk").map(drop),
            7 => ctx.session_is_open("talk").map(drop),
            _ => Ok(()),
        };
        if let Err(Error::Session { reason, .. }) = done {
            said.add(format!("{call} b: {reason}"));
        }
        Ok(())
    });
    let (mut engine, _, handle) = beat(&[&a, &b]);
    seconds(&mut engine, 7);
    let told = notes.take();
    assert!(
        told[0].contains("a: cancelled by role b (tool b): nothing came in time in state 1"),
        "{told:?}"
    );
    assert!(
        told[0].starts_with("4 ") || told[0].starts_with("5 "),
        "{told:?}"
    );
    assert!(told[1].contains("7 b: cancelled for it"), "{told:?}");
    assert_eq!(talk(&handle).cancelled, 1);
}

const THREE: &str = "protocol Three(role a, role b, role c) {
  rec again {
    One(int) from a to b;
    Two(int) from b to c;
    Three(int) from c to a;
    continue again;
  }
}";

/// Passes on what it hears, plus one; `first` speaks without being spoken to.
fn ring(name: &str, role: &str, to: &str, label: &str, first: bool) -> Arc<FnTool> {
    let (to, label) = (to.to_owned(), label.to_owned());
    let begun = std::sync::Mutex::new(false);
    talker(name, role, THREE, move |_, _, ctx| {
        if !ctx.session_is_open("talk")? {
            return Ok(());
        }
        let mut begun = begun.lock().unwrap();
        let number = if first && !*begun {
            *begun = true;
            0
        } else {
            match ctx.session_receive("talk")? {
                Some(message) => message.payload[0].as_int().unwrap(),
                None => return Ok(()),
            }
        };
        ctx.session_send("talk", &to, &label, vec![(number + 1).into()])
    })
}

#[test]
fn three_tools_talk_in_a_ring() {
    let tools = [
        ring("t.a", "a", "b", "One", true),
        ring("t.b", "b", "c", "Two", false),
        ring("t.c", "c", "a", "Three", false),
    ];
    let (mut engine, _, handle) = beat(&[&tools[2], &tools[0], &tools[1]]);
    seconds(&mut engine, 9);
    let stats = talk(&handle);
    assert!(stats.sent >= 9, "{stats:?}");
    assert_eq!((stats.begun, stats.cancelled), (1, 0));
}

/// What to do without the other.
const CRASH: &str = "protocol Guarded(role a, role b) {
  {
    Hello(int) from a to b;
    Work(int) from b to a;
  } crash b {}
}";

#[test]
fn a_crash_branch_goes_on_without_who_is_gone() {
    let notes = Notes::default();
    let said = notes.clone();
    let a = talker("a", "a", CRASH, move |call, _, ctx| {
        let done = match call {
            1 => ctx.session_send("talk", "b", "Hello", vec![1.into()]),
            2.. => ctx.session_receive("talk").map(drop),
            _ => Ok(()),
        };
        if let Err(error) = done {
            said.add(error.to_string());
        }
        Ok(())
    });
    let b = talker("b", "b", CRASH, |_, _, ctx| {
        ctx.session_receive("talk").map(drop)
    });
    let (mut engine, _, handle) = beat(&[&a, &b]);
    seconds(&mut engine, 1);
    handle.suspend(&id("b"), "gone").unwrap();
    seconds(&mut engine, 2);
    assert_eq!(
        notes.take(),
        [] as [&str; 0],
        "nobody was told of a cancellation"
    );
    let stats = talk(&handle);
    assert_eq!((stats.completed, stats.cancelled), (1, 0), "{stats:?}");
}
