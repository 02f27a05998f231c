//! Suspended: First

#![allow(dead_code, reason = "each case needs a part")]

#[path = "../../src/engine/lifecycle/life.rs"]
mod life;

use life::{In, Suspended};

fn main() {
    let _ = In::<Suspended>::begin(());
}
