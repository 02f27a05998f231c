//! The allocator wrapper, which every test of this binary runs on.

use std::alloc::{GlobalAlloc, Layout, System};

use voidstate_embed::{ObservedAllocator, memory_totals};

use crate::stage::Stage;

#[test]
fn live_bytes_follow_what_is_held() {
    let before = memory_totals();
    let block = vec![1_u8; 64 << 20];
    let held = memory_totals();
    assert!(
        held.live_bytes() >= before.live_bytes() + (60 << 20),
        "{before:?} {held:?}"
    );
    drop(block);
    let after = memory_totals();
    assert!(
        after.live_bytes() < held.live_bytes() - (50 << 20),
        "{held:?} {after:?}"
    );
    assert!(after.allocations > before.allocations && after.frees > before.frees);
}

#[test]
fn memory_is_handed_on_as_the_inner_allocator_gave_it() {
    let allocator = ObservedAllocator::around(System).sample_every_bytes(0);
    let layout = Layout::from_size_align(100, 64).unwrap();
    // SAFETY: the layout is not empty, each block is used within its size and freed once with the layout it has.
    #[allow(unsafe_code, reason = "GlobalAlloc can only be called so")]
    unsafe {
        let block = allocator.alloc_zeroed(layout);
        assert!(!block.is_null() && block.addr() % 64 == 0);
        assert!(
            std::slice::from_raw_parts(block, 100)
                .iter()
                .all(|byte| *byte == 0)
        );
        block.write_bytes(7, 100);
        let block = allocator.realloc(block, layout, 10_000);
        assert!(!block.is_null() && block.addr() % 64 == 0);
        assert!(
            std::slice::from_raw_parts(block, 100)
                .iter()
                .all(|byte| *byte == 7)
        );
        allocator.dealloc(block, Layout::from_size_align(10_000, 64).unwrap());
        let impossible = Layout::from_size_align(isize::MAX as usize - 4096, 1).unwrap();
        let before = memory_totals();
        // The optimiser may assume that an allocation which is only compared with null succeeds.
        assert!(std::hint::black_box(allocator.alloc(impossible)).is_null());
        assert!(
            memory_totals().allocated_bytes - before.allocated_bytes < 1 << 40,
            "a failure is not counted"
        );
    }
}

#[test]
fn allocations_are_sampled_in_proportion_to_their_bytes() {
    let mut stage = Stage::lit();
    let before = memory_totals();
    for _ in 0..20_000 {
        std::hint::black_box(vec![0_u8; 64 << 10]);
    }
    let allocated = (memory_totals().allocated_bytes - before.allocated_bytes) as f64;
    let sizes = |stage: &Stage| {
        let events = stage.seen.events("memory.after_allocation");
        let of =
            |event: &&voidstate_core::Event| event.attributes["bytes"].as_int() == Some(64 << 10);
        events
            .into_iter()
            .filter(of)
            .map(|event| event.attributes["estimated_bytes"].as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    stage.until(|s| !s.seen.values("memory.live_bytes").is_empty());
    let estimates = sizes(&stage);
    // 1280 MiB at one sample in 1 MiB: 1243 expected, standard deviation 34.
    assert!(
        (1000..1500).contains(&estimates.len()),
        "{}",
        estimates.len()
    );
    let estimate: f64 = estimates.iter().sum();
    assert!(
        (estimate / (20_000.0 * 65_536.0) - 1.0).abs() < 0.2,
        "{estimate} of {allocated}"
    );
    let event = stage.seen.events("memory.after_allocation")[0];
    assert!(event.attributes["align_bytes"].as_int().unwrap() >= 1);
    assert!(event.attributes["kind"].as_text().is_some());
}

#[test]
fn the_crate_does_not_watch_itself() {
    let mut stage = Stage::lit();
    stage.until(|s| !s.seen.values("memory.live_bytes").is_empty());
    let quiet = stage.seen.events("memory.after_allocation").len();
    // Ten thousand records of 900 bytes pass through the serving thread; only this thread's own text counts.
    let text = "x".repeat(900);
    for i in 0..10_000 {
        voidstate_embed::hook!("program.noise", n = i, text = text);
        if i % 1_000 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(15));
        }
    }
    stage.until(|s| s.seen.events("program.noise").len() as u64 + s.seen.rejections("") >= 10_000);
    let fired = stage.seen.events("memory.after_allocation");
    let of_the_crate = fired
        .iter()
        .skip(quiet)
        .filter(|e| e.attributes["bytes"].as_int() == Some(900))
        .count();
    assert_eq!(of_the_crate, 0);
}
