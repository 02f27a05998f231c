use voidstate_category::stream::{Machine, identity};

fn both(machine: impl Machine<u32, Out = u32>) {
    let _ = machine.then_some(identity());
}

fn main() {}
