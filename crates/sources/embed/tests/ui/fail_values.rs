use voidstate_embed::{hook, sample};

fn main() {
    hook!("program.request", route = vec![1]);
    sample!("program.queue", "many");
}
