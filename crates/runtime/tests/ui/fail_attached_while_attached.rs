//! no step leads from `Attached` to `Attached`

#![allow(dead_code, reason = "each case needs a part")]

#[path = "../../src/engine/lifecycle/life.rs"]
mod life;

use life::{Attached, In};

fn main() {
    let _ = In::<Attached>::begin(()).step::<Attached>();
}
