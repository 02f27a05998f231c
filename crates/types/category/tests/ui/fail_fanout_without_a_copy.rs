use voidstate_category::stream::{Machine, identity};

struct Token;

fn both(machine: impl Machine<Token>) {
    let _ = machine.fanout(identity());
}

fn main() {}
