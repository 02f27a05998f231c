//! The list swap and its reclamation under every interleaving and memory order that loom knows of.
//!
//! `src/bus/hazard.rs` itself is compiled here against loom's atomics, so this runs in a plain `cargo test`. The kernel's
//! barrier is modelled by a fence on both sides, which is also what the bus does where the kernel has none.
#![allow(
    clippy::duplicate_mod,
    reason = "the same file is compiled with and without its barrier"
)]
#![allow(
    unsafe_code,
    reason = "loom's cells are not Sync; that their accesses never overlap is what is tested"
)]

use loom::cell::Cell;
use loom::sync::{Arc, Mutex};

#[allow(dead_code, reason = "the model uses part of the file under test")]
#[path = "."]
mod sound {
    mod sync {
        pub(super) use loom::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

        pub(super) fn light(_: bool) {
            loom::sync::atomic::fence(Ordering::SeqCst);
        }
    }
    #[path = "../../../src/bus/hazard.rs"]
    mod hazard;
    super::world!();
}

#[allow(dead_code, reason = "the model uses part of the file under test")]
#[path = "."]
mod without_barrier {
    mod sync {
        pub(super) use loom::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

        pub(super) fn light(_: bool) {}
    }
    #[path = "../../../src/bus/hazard.rs"]
    mod hazard;
    super::world!();
}

/// Stands for a list: `true` while it is allocated.
struct Memory(Cell<bool>);

// SAFETY: loom fails the test when two accesses are not ordered.
unsafe impl Sync for Memory {}
// SAFETY: as above.
unsafe impl Send for Memory {}

macro_rules! world {
    () => {
        use loom::sync::atomic::{AtomicPtr, Ordering, fence};

        use super::{Arc, Cell, Memory, Mutex};

        struct World {
            lists: [Memory; 2],
            current: AtomicPtr<Memory>,
            slot: hazard::Slot,
            retired: Mutex<Vec<usize>>,
            freed: std::sync::atomic::AtomicUsize,
        }

        impl World {
            fn pointer(&self, list: usize) -> *mut Memory {
                std::ptr::from_ref(&self.lists[list]).cast_mut()
            }

            fn free_unheld(&self, retired: &mut Vec<usize>) {
                fence(Ordering::SeqCst);
                let mut held = Vec::new();
                self.slot.collect(&mut held);
                retired.retain(|list| {
                    let held = held.contains(&self.pointer(*list).cast());
                    if !held {
                        assert!(self.lists[*list].0.replace(false), "freed twice");
                        let counter = &self.freed;
                        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                    held
                });
            }

            fn sweep(&self) {
                let mut retired = self.retired.lock().unwrap();
                self.free_unheld(&mut retired);
                if !retired.is_empty() {
                    self.slot.ask();
                    self.free_unheld(&mut retired);
                }
            }

            fn fire(&self) {
                let seen = self.current.load(Ordering::Acquire);
                match self.slot.announce(&self.current, seen, 0, true) {
                    hazard::Announced::Pointer(list) => {
                        let list = self.lists.iter().find(|l| std::ptr::eq(*l, list)).unwrap();
                        assert!(list.0.get(), "a freed list is gone through");
                        self.slot.withdraw(0, true);
                    }
                    hazard::Announced::Empty => {}
                    hazard::Announced::Full => panic!("nothing else is announced"),
                }
                if self.slot.asked() {
                    self.slot.answered();
                    self.sweep();
                }
            }

            fn replace(&self, with: *mut Memory) {
                let old = self.current.swap(with, Ordering::AcqRel);
                let old = (0..2).find(|list| self.pointer(*list) == old).unwrap();
                self.retired.lock().unwrap().push(old);
                self.sweep();
            }
        }

        pub(super) fn explore() {
            let mut builder = loom::model::Builder::new();
            builder.preemption_bound = Some(3);
            builder.check(|| {
                let world = Arc::new(World {
                    lists: [Memory(Cell::new(true)), Memory(Cell::new(true))],
                    current: AtomicPtr::new(std::ptr::null_mut()),
                    slot: hazard::Slot::new(0, true),
                    retired: Mutex::new(Vec::new()),
                    freed: std::sync::atomic::AtomicUsize::new(0),
                });
                world.current.store(world.pointer(0), Ordering::Release);
                let firing = {
                    let world = Arc::clone(&world);
                    loom::thread::spawn(move || {
                        world.fire();
                        world.fire();
                    })
                };
                world.replace(world.pointer(1));
                world.replace(std::ptr::null_mut());
                firing.join().unwrap();
                assert!(world.retired.lock().unwrap().is_empty(), "nobody freed it");
                let freed = world.freed.load(std::sync::atomic::Ordering::Relaxed);
                assert_eq!(freed, 2);
            });
        }
    };
}
use world;

#[test]
fn no_list_is_freed_while_it_is_gone_through_and_none_is_forgotten() {
    sound::explore();
}

/// The model is worth something: it finds what goes wrong without the barrier.
#[test]
#[should_panic]
fn the_model_finds_a_missing_barrier() {
    without_barrier::explore();
}
