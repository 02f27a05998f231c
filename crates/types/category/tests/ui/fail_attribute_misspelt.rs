use voidstate_category::Lenses;

#[derive(Lenses)]
struct Config {
    #[lens(skipped)]
    limit: u8,
}

fn main() {}
