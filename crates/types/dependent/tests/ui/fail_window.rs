use voidstate_dependent::{Filling, Window};

fn spread(window: &Window<i32, 2>) -> i32 {
    window.newest() - window.oldest()
}

fn main() {
    let filling = Filling::<i32, 2>::new();
    let _ = spread(&filling);
    let _ = filling.oldest();
    let _ = spread(&Window::new([1, 2, 3]));
}
