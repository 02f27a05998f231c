use voidstate_category::Lenses;

#[derive(Lenses)]
struct Nothing;

fn main() {}
