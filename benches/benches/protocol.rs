//! Time over size, and the step of a monitor over a look-up in a map.
//!
//! There is no peer here: the crates that project in Rust do so inside of macros, at compile time.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use voidstate_benches::{Plan, pair, plan, report_pair, report_ratio};
use voidstate_protocol::{Bounds, Direction, Monitor, Protocol, parse};

/// `n` messages to and fro, each behind a choice that both see.
fn long(n: usize) -> Protocol {
    let mut text = String::from("protocol Long(role a, role b) {\n");
    for i in 0..n {
        text.push_str(&format!(
            "choice at a {{ X{i}(u8) from a to b; }} or {{ Y{i}(u8) from a to b; R{i}() from b to a; }}\n"
        ));
    }
    text.push_str("}\n");
    first(&text)
}

fn first(text: &str) -> Protocol {
    match parse(text) {
        Ok(all) => all
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no protocol")),
        Err(wrong) => panic!("{wrong:?}"),
    }
}

fn main() {
    let slow = plan(Plan::SLOW);
    let (small, large) = (long(50), long(400));
    let grown = |name: &str, f: &dyn Fn(&Protocol)| {
        let found = pair(slow, || f(&large), || f(&small));
        println!(
            "  {name}: 400 choices {:.0} ns, 50 choices {:.0} ns",
            found.ours_ns, found.peer_ns
        );
        // Eight times the size: 1 is linear, 8 quadratic.
        report_ratio("protocol", name, found.ratio / 8.0);
    };
    grown("projection_growth", &|p| drop(black_box(p.project_all())));
    grown("check_growth", &|p| {
        drop(black_box(p.check(Bounds::default())))
    });
    let texts = (small.to_string(), large.to_string());
    let found = pair(
        slow,
        || drop(black_box(parse(&texts.1))),
        || drop(black_box(parse(&texts.0))),
    );
    report_ratio(
        "protocol",
        "parse_growth",
        found.ratio * texts.0.len() as f64 / texts.1.len() as f64,
    );

    let ping = first(
        "protocol P(role a, role b) { rec x { Ping(u64) from a to b; Pong(u64) from b to a; continue x; } }",
    );
    let machines = ping.machines().unwrap_or_else(|e| panic!("{e}"));
    let machine = machines
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("no machine"));
    let mut monitor = Monitor::new(Arc::new(machine));
    let table: HashMap<(usize, bool, &str), usize> =
        HashMap::from([((0, true, "Ping"), 1), ((1, false, "Pong"), 0)]);
    let mut state = 0;
    let found = pair(
        plan(Plan::USUAL),
        || {
            let _ = black_box(monitor.step(Direction::Send, 1_usize, black_box("Ping"), None));
            let _ = black_box(monitor.step(Direction::Receive, 1_usize, black_box("Pong"), None));
        },
        || {
            state = table
                .get(&(state, true, black_box("Ping")))
                .copied()
                .unwrap_or(9);
            state = table
                .get(&(state, false, black_box("Pong")))
                .copied()
                .unwrap_or(9);
            black_box(state);
        },
    );
    report_pair("protocol", "monitor_round", "hash map", found);
}
