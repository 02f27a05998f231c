use voidstate_dependent::Bounded;

fn main() {
    let _ = Bounded::<0, 9>::of::<10>();
    let _ = Bounded::<9, 0>::new(5);
}
