use voidstate_dependent::{Filled, Filling, Window};

fn spread(window: &Window<i32, 2>) -> i32 {
    window.newest() - window.oldest()
}

fn main() {
    let Filled::NotYet(filling) = Filling::<i32, 2>::new().push(1) else { panic!() };
    let Filled::Full(window) = filling.push(4) else { panic!() };
    assert_eq!(spread(&window), 3);
}
