#![deny(unused_must_use)]

use voidstate_linear::Linear;

fn main() {
    Linear::warn(1);
}
