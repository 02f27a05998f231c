use voidstate_dependent::{Budget, Cost, Declared, Plan};

fn deploy<T: Cost>(_: Plan<T, Budget<100, 100>>) {}

fn main() {
    let a = Declared::<_, 60, 40>(|x: u8| x + 1);
    let b = Declared::<_, 40, 60>(|x: u8| x * 2);
    let mut plan = Plan::<_, Budget<100, 100>>::new(a.then(b));
    assert_eq!(plan.run(1), 4);
    deploy(plan);
}
