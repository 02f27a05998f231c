#![allow(dead_code, reason = "each case needs a part")]

#[path = "../../src/engine/lifecycle/life.rs"]
mod life;

use life::{Attached, In, Life, Probing, Suspended};

fn main() {
    let mut life = Life::<&str>::begin();
    life.go(|life| match life {
        Life::Attached(now) => (Life::Suspended(now.step_with(|()| "asked")), ()),
        other => (other, ()),
    });
    assert_eq!(life.suspension(), Some(&"asked"));
    if let Some(why) = life.suspension_mut() {
        *why = "panicked";
    }
    let probing = life.go(|life| match life {
        Life::Suspended(now) => {
            let now = now.step::<Probing>();
            (Life::Probing(now), true)
        }
        other => (other, false),
    });
    assert!(probing && life.is_probing() && !life.is_detached());
    life.go(|life| match life {
        Life::Probing(now) => (Life::Suspended(now.step()), ()),
        other => (other, ()),
    });
    life.detach();
    assert!(life.is_detached() && life.suspension().is_none());
    life.detach();
    let again: In<Attached> = In::<Attached>::begin(()).step::<Suspended>().step();
    drop(again);
}
