//! Peer: globset (matching a compiled glob over dotted names).

use std::hint::black_box;

use globset::GlobBuilder;
use voidstate_benches::{Plan, pair, plan, report_pair};
use voidstate_core::Glob;

fn main() {
    let names = [
        "host.cpu.mode",
        "host.disk.write_bytes",
        "otlp.span",
        "host.network.tcp.retransmits",
    ];
    for (figure, pattern, peer_pattern) in [
        ("glob_star", "host.*.mode", "host/*/mode"),
        ("glob_deep", "host.**", "host/**"),
    ] {
        let ours = Glob::new(pattern).expect("pattern is valid");
        let peer = GlobBuilder::new(peer_pattern)
            .literal_separator(true)
            .build()
            .expect("pattern is valid");
        let peer = peer.compile_matcher();
        let peer_names = names.map(|name| name.replace('.', "/"));
        let result = pair(
            plan(Plan::USUAL),
            || {
                for name in &names {
                    black_box(ours.matches(black_box(name)));
                }
            },
            || {
                for name in &peer_names {
                    black_box(peer.is_match(black_box(name.as_str())));
                }
            },
        );
        report_pair("core", figure, "globset", result);
    }
}
