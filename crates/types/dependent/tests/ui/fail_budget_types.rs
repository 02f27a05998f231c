use voidstate_dependent::{Budget, Cost, Declared, Plan};

fn deploy<T: Cost>(_: Plan<T, Budget<100, 100>>) {}

fn next(x: u8) -> u8 {
    x + 1
}

fn length(x: &str) -> usize {
    x.len()
}

struct Costless;

fn main() {
    let a = Declared::<_, 60, 40>(next);
    deploy(Plan::<_, Budget<200, 200>>::new(a));
    let b = Declared::<_, 1, 1>(length);
    let _ = Plan::<_, Budget<100, 100>>::new(a.then(b)).run(1);
    let _ = Plan::<_, Budget<100, 100>>::new(Costless);
}
