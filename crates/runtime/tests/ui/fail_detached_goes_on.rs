//! no step leads from `Detached` to `Attached`

#![allow(dead_code, reason = "each case needs a part")]

#[path = "../../src/engine/lifecycle/life.rs"]
mod life;

use life::{Attached, Detached, In, Suspended};

fn main() {
    let over = In::<Attached>::begin(()).step::<Detached>();
    let _ = over.step::<Attached>();
    let over = In::<Attached>::begin(()).step::<Detached>();
    let _ = over.step::<Suspended>();
}
