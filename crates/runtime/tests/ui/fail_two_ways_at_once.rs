//! use of moved value: `now`

#![allow(dead_code, reason = "each case needs a part")]

#[path = "../../src/engine/lifecycle/life.rs"]
mod life;

use life::{Attached, Detached, In, Suspended};

fn main() {
    let now = In::<Attached>::begin(());
    let _suspended = now.step::<Suspended>();
    let _detached = now.step::<Detached>();
}
