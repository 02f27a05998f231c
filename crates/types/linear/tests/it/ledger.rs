//! The book of what was not used.

#![expect(
    clippy::disallowed_methods,
    reason = "threads of their own make tokens here"
)]

use voidstate_linear::{Bomb, Error, Ledger, Linear};

#[test]
fn type_label_and_place_are_told() {
    let ledger = Ledger::new();
    let used = ledger.linear("used", 1_u8);
    let (first, line) = (ledger.linear("socket", 7_u16), line!());
    let second = ledger.linear("socket", 8_u16);
    used.consume();
    drop(first);
    std::mem::forget(second);
    let leaks = ledger.leaks();
    assert_eq!(leaks.len(), 2);
    assert_eq!(
        (leaks[0].type_name, &*leaks[0].label, leaks[0].at.line()),
        ("u16", "socket", line)
    );
    assert!(leaks[0].at.file().ends_with("ledger.rs"));
    assert_eq!((leaks[0].dropped, leaks[1].open), (1, 1));
    let Err(Error::Leaked { count, told }) = ledger.check() else {
        panic!("it must complain")
    };
    assert_eq!(count, 2);
    assert!(
        told.contains("1 dropped; socket made at") && told.ends_with("1 open"),
        "{told}"
    );
}

#[test]
fn the_process_has_a_book_of_its_own() {
    struct OnlyHere;
    let (token, line) = (Linear::warn(OnlyHere), line!());
    let mine = || {
        let leaks = Ledger::process().leaks();
        leaks
            .into_iter()
            .find(|l| l.type_name.ends_with("OnlyHere"))
    };
    let leak = mine().unwrap();
    assert_eq!((leak.at.line(), leak.open), (line, 1));
    token.consume();
    assert_eq!(mine(), None);
}

#[test]
fn threads_write_into_one_book() {
    let ledger = Ledger::new();
    std::thread::scope(|scope| {
        for thread in 0..4_u32 {
            let ledger = &ledger;
            scope.spawn(move || {
                for n in 0..1000_u32 {
                    let token = ledger.linear("token", n);
                    match (n + thread) % 10 {
                        0 => drop(token),
                        1 => std::mem::forget(token),
                        _ => drop(token.consume()),
                    }
                }
            });
        }
    });
    let leaks = ledger.leaks();
    assert_eq!(leaks.len(), 1, "one place, one label: {leaks:?}");
    assert_eq!(
        (leaks[0].open, leaks[0].dropped, leaks[0].unwound),
        (400, 400, 0)
    );
}

#[test]
fn a_token_of_another_thread_is_open_until_it_is_used() {
    let ledger = Ledger::new();
    let token = ledger.linear("sent", 1);
    let thread = std::thread::spawn(move || token.consume());
    assert_eq!(thread.join().unwrap(), 1);
    ledger.assert_empty();
}

#[test]
fn an_entry_lies_beside_a_value_of_another_policy() {
    let ledger = Ledger::new();
    let entry = ledger.entry::<u8>("both");
    let token = Linear::<_, Bomb>::new((1_u8, entry));
    assert_eq!(ledger.leaks()[0].open, 1);
    let (_, entry) = token.consume();
    entry.close();
    ledger.assert_empty();
}

#[test]
#[should_panic(expected = "1 linear values were not used: key made at")]
fn asserting_tells_what_leaked() {
    let ledger = Ledger::new();
    drop(ledger.linear("key", 1));
    ledger.assert_empty();
}
