//! no step leads from `life::Suspended` to `life::Suspended`

#![allow(dead_code, reason = "each case needs a part")]

#[path = "../../src/engine/lifecycle/life.rs"]
mod life;

use life::{Attached, In, Suspended};

fn main() {
    let now = In::<Attached>::begin(()).step::<Suspended>();
    let _ = now.step::<Suspended>();
}
