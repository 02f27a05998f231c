use voidstate_linear::region;

fn main() {
    region(&mut [0; 4], |whole| {
        let whole = whole.split(2, |left, right| (right.finish(), left.finish()));
        whole.unwrap().finish()
    });
}
