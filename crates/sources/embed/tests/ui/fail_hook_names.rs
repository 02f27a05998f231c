use voidstate_embed::{hook, sample};

fn main() {
    hook!("Program Request");
    sample!("program..queue", 1);
}
