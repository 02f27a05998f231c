use voidstate_dependent::{Filling, Window};

fn main() {
    let _ = Filling::<i32, 0>::new();
    let _ = Window::<i32, 0>::new([]);
}
