use voidstate_dependent::{Budget, Cost, Declared, Plan};

fn f(x: u8) -> u8 {
    x
}

fn main() {
    let a = Declared::<_, 60, 40>(f);
    let b = Declared::<_, 40, 60>(f);
    let _ = Plan::<_, Budget<99, 100>>::new(a.then(b));
    let _ = Plan::<_, Budget<100, 99>>::new(a.then(b));
    let huge = Declared::<_, { u64::MAX }, 0>(f);
    let _ = Plan::<_, Budget<{ u64::MAX }, 1000>>::new(huge.then(a));
}
