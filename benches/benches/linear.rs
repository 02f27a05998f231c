//! What a linear value costs.
//!
//! Peer: the plain value, `linear_type` (affine wrapper that panics on drop), `drop_bomb` (a bomb beside the value), and
//! `std::sync::Mutex` for the lock and the ledger. Instructions are counted in this program's own disassembly.

use std::hint::black_box;
use std::sync::Mutex;

use drop_bomb::DropBomb;
use linear_type::new_linear;
use voidstate_benches::{Disassembly, Plan, pair, plan, report_pair, report_ratio};
use voidstate_linear::{Bomb, Ledger, Linear, LinearLock, Static};

/// Lives per call, so that the call itself does not count.
const LIVES: u64 = 64;

#[inline(never)]
fn work(n: u64) -> u64 {
    black_box(n).rotate_left(7) ^ 5
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_linear_plain(n: u64) -> u64 {
    let n = work(n);
    work(n) + 1
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_linear_static(n: u64) -> u64 {
    let worked = Linear::<_, Static>::new(n).map(work).apply(|n| work(*n));
    worked.1.consume();
    worked.0 + 1
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_linear_bomb(n: u64) -> u64 {
    let worked = Linear::<_, Bomb>::new(n).map(work).apply(|n| work(*n));
    worked.1.consume();
    worked.0 + 1
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_linear_scope(n: u64) -> u64 {
    Linear::with(n, |token| token.map(work).finish_by(|n| work(n) + 1))
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_linear_graded(n: u64) -> u64 {
    Linear::with(n, |token| {
        let (m, token) = token.times::<2>().apply(|n| work(*n));
        let (m, token) = token.apply(|_| work(m));
        token.finish().1.giving(m + 1)
    })
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_linear_peer(n: u64) -> u64 {
    new_linear!(n).map(work).map(work).into_inner() + 1
}

/// A bomb beside the value, as its documentation shows it.
struct Guarded(u64, DropBomb);

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_linear_bomb_peer(n: u64) -> u64 {
    let mut token = Guarded(n, DropBomb::new("it must be used"));
    token.0 = work(token.0);
    token.0 = work(token.0);
    token.1.defuse();
    token.0 + 1
}

fn lives(one: fn(u64) -> u64) -> impl FnMut() {
    move || {
        let mut n = black_box(1);
        for _ in 0..LIVES {
            n = one(n);
        }
        black_box(n);
    }
}

fn main() {
    let usual = plan(Plan::USUAL);
    let cases: [(&str, fn(u64) -> u64); 4] = [
        ("static", voidstate_linear_static),
        ("bomb", voidstate_linear_bomb),
        ("scope", voidstate_linear_scope),
        ("graded", voidstate_linear_graded),
    ];
    for (name, one) in cases {
        let found = pair(
            usual,
            lives(black_box(one)),
            lives(black_box(voidstate_linear_plain)),
        );
        report_pair("linear", name, "plain value", found);
    }
    let bomb: fn(u64) -> u64 = voidstate_linear_bomb;
    let found = pair(
        usual,
        lives(black_box(bomb)),
        lives(black_box(voidstate_linear_peer)),
    );
    report_pair("linear", "bomb_over_linear_type", "linear_type", found);
    let found = pair(
        usual,
        lives(black_box(bomb)),
        lives(black_box(voidstate_linear_bomb_peer)),
    );
    report_pair("linear", "bomb_over_drop_bomb", "drop_bomb", found);

    let (ledger, mutex) = (Ledger::new(), Mutex::new(0_u64));
    let found = pair(
        usual,
        || {
            black_box(ledger.linear("token", black_box(1_u64)).consume());
        },
        || {
            for _ in 0..2 {
                if let Ok(mut value) = mutex.lock() {
                    *value += black_box(1);
                }
            }
        },
    );
    report_pair(
        "linear",
        "warn_over_two_locks",
        "two locks of a mutex",
        found,
    );

    let mut free = Some(LinearLock::new("bench", 0_u64));
    let found = pair(
        usual,
        || {
            let held = free.take().and_then(|lock| lock.acquire().ok());
            free = held.map(|mut held| {
                held.edit(|value| *value += black_box(1));
                held.release()
            });
        },
        || {
            if let Ok(mut value) = mutex.lock() {
                *value += black_box(1);
            }
        },
    );
    assert!(free.is_some(), "the lock was lost, so nothing was measured");
    report_pair("linear", "lock_over_mutex", "std mutex", found);

    let Some(code) = Disassembly::of_this_program() else {
        println!("skipped: objdump is missing, so no instructions were counted");
        return;
    };
    let count = |name: &str| code.instructions(&format!("voidstate_linear_{name}"));
    let Some(plain) = count("plain") else {
        println!("skipped: the plain function is not in the symbol table");
        return;
    };
    println!("  plain: {plain} instructions");
    for name in ["static", "bomb", "scope", "graded", "peer", "bomb_peer"] {
        match count(name) {
            Some(count) => {
                println!("  {name}: {count} instructions");
                report_ratio("linear", &format!("instructions_{name}"), count / plain);
            }
            None => println!("  {name}: not in the symbol table"),
        }
    }
}
