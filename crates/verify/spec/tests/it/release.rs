//! Where contracts are asked for although nothing is tested.

use voidstate_spec::implements;

use crate::breach_of;

#[implements("tests/specs/small.spec", tool = "root", always)]
fn always_root(n: i64) -> i64 {
    n.isqrt() + 1
}

#[test]
fn always_means_always() {
    assert!(breach_of(|| always_root(4)).contains("ensures \"it is\""));
}
