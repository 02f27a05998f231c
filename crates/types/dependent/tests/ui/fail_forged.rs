use std::marker::PhantomData;
use voidstate_dependent::{Budget, Count, Declared, Plan, Probability, Refined, Window};

fn forged(count: Count<'_>) {
    let _: Probability = Refined { value: 7.0, rule: PhantomData };
    let _ = Plan::<_, Budget<1, 1>> { steps: Declared::<_, 2, 2>(|| ()), budget: PhantomData };
    let _ = Window { ring: [1, 2], oldest: 7 };
    let _ = Count { value: 7, ..count };
}

fn main() {}
