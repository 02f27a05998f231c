use voidstate_category::{Group, Max};

fn undone(_: impl Group) {}

fn main() {
    undone(Max(1_u8));
}
