use voidstate_category::Prisms;

#[derive(Prisms)]
struct Config {
    limit: u8,
}

fn main() {}
