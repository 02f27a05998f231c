use std::num::Wrapping;

use voidstate_category::{Semilattice, Sum};

fn merged(_: impl Semilattice) {}

fn main() {
    merged(Sum(Wrapping(1_u8)));
}
