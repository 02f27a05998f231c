use voidstate_category::Prisms;

#[derive(Prisms)]
enum Source {
    Range(u8, u8),
    Off,
}

fn main() {}
