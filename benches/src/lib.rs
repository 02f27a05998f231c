//! A small harness for ratios: short windows, the minimum of many, ours and the peer interleaved.
//!
//! Wall clocks lie on shared machines, so every window is measured in CPU time of the calling thread and a figure is
//! always a ratio against something measured in the same run. Each ratio is printed as
//! `ratio <crate> <name> <value>`, which `cargo xtask bench` and `cargo xtask perf` read and hold against `gates.toml`.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

/// CPU time used so far by the calling thread.
pub fn thread_cpu_time() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(
        t.tv_sec.unsigned_abs(),
        u32::try_from(t.tv_nsec).unwrap_or(0),
    )
}

/// CPU time used so far by the whole process.
pub fn process_cpu_time() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(
        t.tv_sec.unsigned_abs(),
        u32::try_from(t.tv_nsec).unwrap_or(0),
    )
}

/// How a pair is measured.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Windows per round; the minimum of each round counts.
    pub windows: usize,
    /// Interleaved rounds; the median of the rounds' ratios is reported.
    pub rounds: usize,
    /// Target length of one window.
    pub window: Duration,
}

impl Plan {
    /// The usual plan: 7 rounds of 60 windows of 0.1 ms.
    pub const USUAL: Self = Self {
        windows: 60,
        rounds: 7,
        window: Duration::from_micros(100),
    };
    /// For work that takes longer than a millisecond a call: 5 rounds of 3 windows.
    pub const SLOW: Self = Self {
        windows: 3,
        rounds: 5,
        window: Duration::from_millis(1),
    };
}

/// Outcome of a paired measurement.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Nanoseconds of CPU per call, ours (minimum over everything).
    pub ours_ns: f64,
    /// Nanoseconds of CPU per call, the peer's (minimum over everything).
    pub peer_ns: f64,
    /// Median over rounds of `min(ours) / min(peer)`.
    pub ratio: f64,
}

/// Calls per window so that one window lasts about `target`.
fn calibrate(mut f: impl FnMut(), target: Duration) -> u64 {
    let mut calls: u64 = 1;
    loop {
        let start = thread_cpu_time();
        for _ in 0..calls {
            f();
        }
        let took = thread_cpu_time() - start;
        if took >= target || calls >= 1 << 30 {
            return calls;
        }
        calls *= 2;
    }
}

fn window(f: &mut impl FnMut(), calls: u64) -> f64 {
    let start = thread_cpu_time();
    for _ in 0..calls {
        f();
    }
    let took = thread_cpu_time() - start;
    took.as_secs_f64() * 1e9 / calls as f64
}

/// Minimum CPU nanoseconds per call of `f` alone.
pub fn single(plan: Plan, mut f: impl FnMut()) -> f64 {
    let calls = calibrate(&mut f, plan.window);
    (0..plan.windows * plan.rounds)
        .map(|_| window(&mut f, calls))
        .fold(f64::INFINITY, f64::min)
}

/// Measures `ours` and `peer` interleaved.
pub fn pair(plan: Plan, mut ours: impl FnMut(), mut peer: impl FnMut()) -> Pair {
    let calls_ours = calibrate(&mut ours, plan.window);
    let calls_peer = calibrate(&mut peer, plan.window);
    let (mut best_ours, mut best_peer) = (f64::INFINITY, f64::INFINITY);
    let mut ratios = Vec::with_capacity(plan.rounds);
    for _ in 0..plan.rounds {
        let (mut a, mut b) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..plan.windows {
            a = a.min(window(&mut ours, calls_ours));
            b = b.min(window(&mut peer, calls_peer));
        }
        ratios.push(a / b);
        best_ours = best_ours.min(a);
        best_peer = best_peer.min(b);
    }
    Pair {
        ours_ns: best_ours,
        peer_ns: best_peer,
        ratio: median(&mut ratios),
    }
}

/// Median; NaN for an empty slice.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Prints a pair for people and for the gates.
pub fn report_pair(krate: &str, name: &str, peer: &str, p: Pair) {
    println!(
        "  {name}: ours {:.2} ns, {peer} {:.2} ns",
        p.ours_ns, p.peer_ns
    );
    report_ratio(krate, name, p.ratio);
}

/// Prints one ratio in the form the gates read (lower is better).
pub fn report_ratio(krate: &str, name: &str, value: f64) {
    println!("ratio {krate} {name} {value:.4}");
}

/// Prints an absolute figure; it gates nothing.
pub fn report_fact(krate: &str, name: &str, value: f64, unit: &str) {
    println!("fact {krate} {name} {value:.4} {unit}");
}

/// What `objdump` says of this program; `None` where it is not installed.
fn objdump(args: &[&str]) -> Option<String> {
    let exe = std::env::current_exe().ok()?;
    let output = Command::new("objdump").args(args).arg(exe).output().ok()?;
    let is_done = output.status.success();
    is_done.then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Counts instructions of functions in this program's own disassembly.
pub struct Disassembly {
    symbols: String,
}

impl Disassembly {
    /// Reads the symbols; `None` where `objdump` is not installed.
    pub fn of_this_program() -> Option<Self> {
        let symbols = objdump(&["-t"])?;
        Some(Self { symbols })
    }

    /// Address and bytes of a function; equal functions may share them.
    fn place(&self, name: &str) -> Option<(u64, u64)> {
        let is_named = |line: &&str| line.split_whitespace().last() == Some(name);
        let line = self.symbols.lines().find(is_named)?;
        let address = line.split_whitespace().next()?;
        let size = line.split_whitespace().rev().nth(1)?;
        let number = |text| u64::from_str_radix(text, 16).ok();
        Some((number(address)?, number(size)?))
    }

    /// Instructions of the function `name`, which `#[unsafe(no_mangle)]` keeps; `None` when it is not there.
    pub fn instructions(&self, name: &str) -> Option<f64> {
        let (start, size) = self.place(name)?;
        let from = format!("--start-address={start:#x}");
        let to = format!("--stop-address={:#x}", start + size);
        let listing = objdump(&["-d", "--no-show-raw-insn", &from, &to])?;
        let is_code = |line: &&str| line.starts_with(' ') && line.contains(":\t");
        let count = listing.lines().filter(is_code).count();
        (count > 0).then_some(count as f64)
    }
}

/// Nanoseconds of a fixed integer loop: absolute figures are only meaningful beside it.
pub fn calibration_loop_ns() -> f64 {
    single(
        Plan {
            windows: 50,
            rounds: 1,
            window: Duration::from_micros(100),
        },
        || {
            let mut x = black_box(1_u64);
            for _ in 0..64 {
                x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            }
            black_box(x);
        },
    )
}

/// `--quick` shortens a plan for CI.
pub fn plan(usual: Plan) -> Plan {
    if std::env::args().any(|a| a == "--quick") {
        Plan {
            windows: usual.windows.div_ceil(3),
            rounds: 5,
            window: usual.window,
        }
    } else {
        usual
    }
}
