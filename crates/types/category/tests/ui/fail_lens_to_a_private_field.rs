mod inner {
    #[derive(voidstate_category::Lenses)]
    pub struct Guarded {
        closed: u8,
    }
}

fn main() {
    let _ = inner::Guarded::CLOSED;
}
