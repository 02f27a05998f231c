//! Forgetting escapes.

use voidstate_linear::Linear;

fn main() {
    std::mem::forget(Linear::checked(1_u64));
}
