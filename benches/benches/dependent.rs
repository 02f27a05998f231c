//! What sizes, brands and proofs in types cost.
//!
//! Peer: arrays and slices of the standard library, hybrid-array 0.4, generic-array 1, nalgebra 0.35.

use std::collections::VecDeque;
use std::hint::black_box;

use generic_array::GenericArray;
use generic_array::sequence::Concat;
use hybrid_array::Array;
use hybrid_array::sizes::U16;
use nalgebra::{SMatrix, SVector};
use voidstate_benches::{
    Disassembly, Plan, calibration_loop_ns, pair, plan, report_fact, report_pair, report_ratio,
};
use voidstate_dependent::{BVec, Filled, Filling, Matrix, Probability, Sorted, Vector, Window};

fn numbers<const N: usize>() -> [f64; N] {
    std::array::from_fn(|i| (i as f64).mul_add(0.37, 0.5))
}

fn main() {
    report_fact("dependent", "calibration", calibration_loop_ns(), "ns");
    dot();
    instructions();
    concat();
    matrix();
    index();
    window();
    refine();
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_dependent_dot(a: &Vector<f64, 64>, b: &Vector<f64, 64>) -> f64 {
    a.dot(b)
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn voidstate_dependent_dot_array(a: &[f64; 64], b: &[f64; 64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..64 {
        sum += a[i] * b[i];
    }
    sum
}

/// Time is noisy, instructions are not: what the type adds to the plain loop.
fn instructions() {
    let Some(code) = Disassembly::of_this_program() else {
        println!("skipped: objdump is missing, so no instructions were counted");
        return;
    };
    let count = |name: &str| code.instructions(name);
    let ours = count("voidstate_dependent_dot");
    let array = count("voidstate_dependent_dot_array");
    let (Some(ours), Some(array)) = (ours, array) else {
        println!("skipped: the functions are not in the symbol table");
        return;
    };
    println!("  instructions_dot: ours {ours}, array {array}");
    report_ratio("dependent", "instructions_dot", ours / array);
}

fn dot() {
    let (a, b) = (numbers::<64>(), numbers::<64>());
    let (va, vb) = (Vector::new(a), Vector::new(b));
    let ours = || {
        black_box(voidstate_dependent_dot(black_box(&va), black_box(&vb)));
    };
    let found = pair(plan(Plan::USUAL), ours, || {
        black_box(voidstate_dependent_dot_array(black_box(&a), black_box(&b)));
    });
    report_pair("dependent", "dot_array", "array", found);
    let (na, nb) = (SVector::from(a), SVector::from(b));
    let found = pair(plan(Plan::USUAL), ours, || {
        black_box(black_box(&na).dot(black_box(&nb)));
    });
    report_pair("dependent", "dot_nalgebra", "nalgebra", found);
}

fn concat() {
    let v = Vector::new(numbers::<16>());
    let ours = || {
        black_box(black_box(v).concat::<16, 32>(black_box(v)));
    };
    let array = numbers::<16>();
    let found = pair(plan(Plan::USUAL), ours, || {
        let mut out = [0.0; 32];
        let (low, high) = out.split_at_mut(16);
        low.copy_from_slice(black_box(&array));
        high.copy_from_slice(black_box(&array));
        black_box(out);
    });
    report_pair("dependent", "concat_slices", "slices", found);
    let theirs: Array<f64, U16> = Array(array);
    let found = pair(plan(Plan::USUAL), ours, || {
        black_box(black_box(theirs).concat(black_box(theirs)));
    });
    report_pair("dependent", "concat_hybrid_array", "hybrid-array", found);
    let theirs: GenericArray<f64, generic_array::typenum::U16> = GenericArray::from_array(array);
    let found = pair(plan(Plan::USUAL), ours, || {
        black_box(black_box(theirs).concat(black_box(theirs)));
    });
    report_pair("dependent", "concat_generic_array", "generic-array", found);
}

fn matrix() {
    let items = numbers::<64>();
    let a = Matrix::<f64, 8, 8>::from_fn(|r, c| items[r * 8 + c]);
    let b = a.transpose();
    let (na, nb) = (SMatrix::from(a), SMatrix::from(b));
    let found = pair(
        plan(Plan::USUAL),
        || {
            black_box(*black_box(&a) * *black_box(&b));
        },
        || {
            black_box(black_box(&na) * black_box(&nb));
        },
    );
    report_pair("dependent", "matrix_nalgebra", "nalgebra", found);
}

fn index() {
    let order: Vec<usize> = (0..1000).map(|i| i * 7919 % 1000).collect();
    let plain: Vec<f64> = order.iter().map(|i| *i as f64).collect();
    let theirs = plain.clone();
    BVec::scope(plain, |list| {
        let indices: Vec<_> = order.iter().filter_map(|i| list.check(*i)).collect();
        let found = pair(
            plan(Plan::USUAL),
            || {
                let list = black_box(&list);
                black_box(black_box(&indices).iter().map(|i| list[*i]).sum::<f64>());
            },
            || {
                let list = black_box(&theirs);
                black_box(black_box(&order).iter().map(|i| list[*i]).sum::<f64>());
            },
        );
        report_pair("dependent", "branded_index", "plain index", found);
    });
}

fn window() {
    let items = numbers::<256>();
    let Filled::Full(mut window) = fill(&items[..64]) else {
        return;
    };
    let mut deque: VecDeque<f64> = items[..64].iter().copied().collect();
    let found = pair(
        plan(Plan::USUAL),
        || {
            for item in black_box(&items) {
                black_box(window.push(*item));
            }
        },
        || {
            for item in black_box(&items) {
                black_box(deque.pop_front());
                deque.push_back(*item);
            }
        },
    );
    report_pair("dependent", "window_push", "VecDeque", found);
}

fn fill(items: &[f64]) -> Filled<f64, 64> {
    match Window::last_of(items) {
        Ok(window) => Filled::Full(window),
        Err(_) => Filled::NotYet(Filling::new()),
    }
}

fn refine() {
    let p = Probability::new(0.3).unwrap_or(Probability::ONE);
    let found = pair(
        plan(Plan::USUAL),
        || {
            black_box(black_box(p).and(black_box(p)));
        },
        || {
            black_box(black_box(0.3_f64) * black_box(0.3_f64));
        },
    );
    report_pair("dependent", "probability_and", "f64 product", found);
    let sorted = Sorted::sort((0..1000_u32).collect());
    let slice: Vec<u32> = (0..1000).collect();
    let found = pair(
        plan(Plan::USUAL),
        || {
            black_box(black_box(&sorted).contains(black_box(&733)));
        },
        || {
            black_box(black_box(&slice).binary_search(black_box(&733)).is_ok());
        },
    );
    report_pair("dependent", "sorted_contains", "binary_search", found);
}
