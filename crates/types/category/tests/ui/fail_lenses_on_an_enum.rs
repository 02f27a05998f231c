use voidstate_category::Lenses;

#[derive(Lenses)]
enum Source {
    File(u8),
    Off,
}

fn main() {}
