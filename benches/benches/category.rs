//! What composed optics, machines, folds and windows cost.
//!
//! Peers: direct access, loops and iterator adaptors written by hand, and `fp-library` for the composed lens.
//! Instructions are counted in this program's own disassembly.

use std::hint::black_box;
use std::num::Wrapping;

use fp_library::brands::RcBrand;
use fp_library::types::optics::{Composed, LensPrime, optics_over, optics_view};
use voidstate_benches::{Disassembly, Plan, pair, plan, report_fact, report_pair, report_ratio};
use voidstate_category::functor::{Comonad, Window};
use voidstate_category::stream::{Machine, arr, filter, scan, slide, windowed};
use voidstate_category::{ExactSum, Lenses, Max, Min, Sum, fold, fold_map, reduce};

#[derive(Clone, Copy, Lenses)]
pub struct Config {
    seed: u64,
    detector: Detector,
}

#[derive(Clone, Copy, Lenses)]
pub struct Detector {
    width: u32,
    limits: Limits,
}

#[derive(Clone, Copy, Lenses)]
pub struct Limits {
    low: f64,
    high: f64,
}

/// The same body by the field and by the lens.
macro_rules! both {
    ($direct:ident, $lens:ident, |$($arg:ident: $type:ty),*| $($out:ty)?, $by_field:expr, $by_lens:expr) => {
        #[unsafe(no_mangle)]
        #[inline(never)]
        pub fn $direct($($arg: $type),*) $(-> $out)? {
            $by_field
        }

        #[unsafe(no_mangle)]
        #[inline(never)]
        pub fn $lens($($arg: $type),*) $(-> $out)? {
            $by_lens
        }
    };
}

both!(
    voidstate_category_get_direct,
    voidstate_category_get_lens,
    |config: &Config| f64,
    config.detector.limits.high,
    Config::DETECTOR
        .then(Detector::LIMITS)
        .then(Limits::HIGH)
        .get(config)
);
both!(
    voidstate_category_set_direct, voidstate_category_set_lens,
    |config: &mut Config, value: f64| ,
    config.detector.limits.high = value,
    Config::DETECTOR.then(Detector::LIMITS).then(Limits::HIGH).set(config, value)
);
both!(
    voidstate_category_modify_direct, voidstate_category_modify_lens,
    |config: &mut Config, by: f64| ,
    config.detector.limits.high = config.detector.limits.high.max(0.0) * by,
    Config::DETECTOR.then(Detector::LIMITS).then(Limits::HIGH).modify(config, |high| *high = high.max(0.0) * by)
);

/// Scales, leaves out what is low, averages what is left and counts what is above.
#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_category_machine_hand(samples: &[f64]) -> f64 {
    let (mut mean, mut total) = (0.0, 0.0);
    for sample in samples {
        let scaled = sample * 1.5;
        if scaled > 0.25 {
            mean += (scaled - mean) * 0.125;
            total += mean;
        }
    }
    total
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_category_machine_arrow(samples: &[f64]) -> f64 {
    let smooth = scan(0.0, |mean: &mut f64, x: f64| {
        *mean += (x - *mean) * 0.125;
        *mean
    });
    let mut machine = arr(|x: &f64| x * 1.5)
        .then(filter(|x: &f64| *x > 0.25))
        .then_some(smooth);
    let mut total = 0.0;
    for sample in samples {
        if let Some(mean) = machine.step(sample) {
            total += mean;
        }
    }
    total
}

fn machine_adaptors(samples: &[f64]) -> f64 {
    let mut mean = 0.0;
    let smooth = |x: f64| {
        mean += (x - mean) * 0.125;
        mean
    };
    samples
        .iter()
        .map(|x| x * 1.5)
        .filter(|x| *x > 0.25)
        .map(smooth)
        .fold(0.0, |a, b| a + b)
}

fn machine_boxed(samples: &[f64]) -> impl FnMut() {
    let smooth = scan(0.0, |mean: &mut f64, x: f64| {
        *mean += (x - *mean) * 0.125;
        *mean
    });
    let mut machine = arr(|x: f64| x * 1.5)
        .then(filter(|x: &f64| *x > 0.25))
        .then_some(smooth)
        .boxed();
    let samples = samples.to_vec();
    move || {
        let mut total = 0.0;
        for sample in black_box(&samples) {
            if let Some(mean) = machine.step(*sample) {
                total += mean;
            }
        }
        black_box(total);
    }
}

fn instructions() {
    let Some(code) = Disassembly::of_this_program() else {
        println!("  objdump is missing; no instructions are counted");
        return;
    };
    for what in ["get", "set", "modify"] {
        let count = |by: &str| code.instructions(&format!("voidstate_category_{what}_{by}"));
        let (Some(lens), Some(direct)) = (count("lens"), count("direct")) else {
            // Equal bodies may be folded into one, which is then called by both names' callers.
            println!("  {what}: a function is not in the program");
            continue;
        };
        println!("  {what}: lens {lens} instructions, field {direct}");
        report_ratio("category", &format!("instructions_{what}"), lens / direct);
    }
    let (arrow, hand) = (
        code.instructions("voidstate_category_machine_arrow"),
        code.instructions("voidstate_category_machine_hand"),
    );
    if let (Some(arrow), Some(hand)) = (arrow, hand) {
        println!("  machine: composed {arrow} instructions, loop {hand}");
        report_ratio("category", "instructions_machine", arrow / hand);
    }
}

fn optics() {
    let mut ours = Config {
        seed: 1,
        detector: Detector {
            width: 3,
            limits: Limits {
                low: 0.0,
                high: 1.0,
            },
        },
    };
    assert_eq!(
        (Config::SEED.get(&ours), Detector::WIDTH.get(&ours.detector)),
        (1, 3)
    );
    assert_eq!(Limits::LOW.get(&ours.detector.limits), 0.0);
    // What is never called is not in the program, and not counted.
    voidstate_category_set_lens(black_box(&mut ours), 1.0);
    voidstate_category_set_direct(black_box(&mut ours), 1.0);
    assert_eq!(
        voidstate_category_get_lens(black_box(&ours)),
        voidstate_category_get_direct(&ours)
    );
    let mut theirs = ours;
    let mut peers = ours;
    let found = pair(
        plan(Plan::USUAL),
        || voidstate_category_modify_lens(black_box(&mut ours), black_box(1.0)),
        || voidstate_category_modify_direct(black_box(&mut theirs), black_box(1.0)),
    );
    report_pair("category", "lens_modify", "field", found);
    let detector: LensPrime<'_, RcBrand, Config, Detector> = LensPrime::from_view_set(
        |c: Config| c.detector,
        |(c, detector)| Config { detector, ..c },
    );
    let limits: LensPrime<'_, RcBrand, Detector, Limits> = LensPrime::from_view_set(
        |d: Detector| d.limits,
        |(d, limits)| Detector { limits, ..d },
    );
    let high: LensPrime<'_, RcBrand, Limits, f64> =
        LensPrime::from_view_set(|l: Limits| l.high, |(l, high)| Limits { high, ..l });
    let path = Composed::new(Composed::new(detector, limits), high);
    assert_eq!(optics_view::<RcBrand, _, _>(&path, peers), 1.0);
    let found = pair(
        plan(Plan::USUAL),
        || voidstate_category_modify_lens(black_box(&mut ours), black_box(1.0)),
        || {
            let by = black_box(1.0);
            peers = optics_over::<RcBrand, _, _>(&path, black_box(peers), move |high: f64| {
                high.max(0.0) * by
            });
        },
    );
    report_pair("category", "lens_modify_vs_fp_library", "fp-library", found);
}

fn machines(samples: &[f64]) {
    let expected = voidstate_category_machine_hand(samples);
    assert_eq!(
        voidstate_category_machine_arrow(samples).to_bits(),
        expected.to_bits()
    );
    let ours = || {
        black_box(voidstate_category_machine_arrow(black_box(samples)));
    };
    let found = pair(plan(Plan::USUAL), ours, || {
        black_box(voidstate_category_machine_hand(black_box(samples)));
    });
    report_pair("category", "machine_vs_loop", "loop", found);
    let found = pair(plan(Plan::USUAL), ours, || {
        black_box(machine_adaptors(black_box(samples)));
    });
    report_pair(
        "category",
        "machine_vs_adaptors",
        "iterator adaptors",
        found,
    );
    let found = pair(plan(Plan::USUAL), machine_boxed(samples), || {
        black_box(voidstate_category_machine_hand(black_box(samples)));
    });
    report_pair("category", "machine_boxed_vs_loop", "loop", found);
}

fn folds(samples: &[f64]) {
    let numbers: Vec<u64> = samples.iter().map(|x| x.to_bits()).collect();
    let found = pair(
        plan(Plan::USUAL),
        || {
            let all = black_box(&numbers)
                .iter()
                .map(|n| (Sum(Wrapping(*n)), Max(*n), Min(*n)));
            black_box(fold(all));
        },
        || {
            let (mut sum, mut most, mut least) = (0_u64, 0, u64::MAX);
            for n in black_box(&numbers) {
                sum = sum.wrapping_add(*n);
                most = most.max(*n);
                least = least.min(*n);
            }
            black_box((sum, most, least));
        },
    );
    report_pair("category", "fold_of_three", "loop", found);
    let found = pair(
        plan(Plan::USUAL),
        || {
            let mut sum = ExactSum::of(0.0);
            black_box(samples).iter().for_each(|x| sum.add(*x));
            black_box(sum.value());
        },
        || {
            black_box(black_box(samples).iter().sum::<f64>());
        },
    );
    report_pair("category", "exact_sum_vs_rounded", "rounded sum", found);
    report_fact(
        "category",
        "exact_sum_bytes",
        size_of::<ExactSum>() as f64,
        "bytes",
    );
    black_box(fold_map([1.0], ExactSum::of));
}

fn windows(samples: &[f64]) {
    let numbers: Vec<Max<u64>> = samples.iter().map(|x| Max(x.to_bits())).collect();
    for width in [10, 100] {
        let window = Window::new(numbers.clone()).expect("there are samples");
        let again = window.clone();
        let found = pair(
            plan(Plan::USUAL),
            || {
                black_box(black_box(&window).clone().extend_monoid(width)).expect("a width");
            },
            || {
                let all = black_box(&again).clone();
                black_box(all.extend(move |w| reduce(w.last(width).iter().copied())));
            },
        );
        report_pair(
            "category",
            &format!("extend_monoid_{width}_vs_extend"),
            "extend",
            found,
        );
    }
    let mut machine = windowed(100, |last: &[f64]| last.iter().sum::<f64>()).expect("a width");
    let found = pair(
        plan(Plan::USUAL),
        || {
            for sample in black_box(samples) {
                black_box(machine.step(*sample));
            }
        },
        || {
            for end in 1..=black_box(samples).len() {
                let start = end.saturating_sub(100);
                black_box(samples[start..end].iter().sum::<f64>());
            }
        },
    );
    report_pair(
        "category",
        "windowed_vs_slices",
        "slices of the whole",
        found,
    );
    let mut sliding = slide(100).expect("a width");
    let (mut from, mut kept) = (0_usize, std::collections::VecDeque::new());
    let found = pair(
        plan(Plan::USUAL),
        || {
            for number in black_box(&numbers) {
                black_box(sliding.step(*number));
            }
        },
        // The usual way for a maximum alone: a queue from which what can no longer be greatest is dropped.
        || {
            for number in black_box(&numbers) {
                while kept.back().is_some_and(|(_, last)| last <= number) {
                    kept.pop_back();
                }
                kept.push_back((from, *number));
                from += 1;
                while kept.front().is_some_and(|(at, _)| at + 100 < from) {
                    kept.pop_front();
                }
                black_box(kept.front());
            }
        },
    );
    report_pair(
        "category",
        "slide_vs_monotone_queue",
        "monotone queue",
        found,
    );
}

fn main() {
    let samples: Vec<f64> = (0..1000)
        .map(|i| f64::from(i * 7919 % 1000) / 1000.0)
        .collect();
    instructions();
    optics();
    machines(&samples);
    folds(&samples);
    windows(&samples);
}
