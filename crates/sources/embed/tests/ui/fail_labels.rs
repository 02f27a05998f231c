use voidstate_embed::{hook, sample};

fn main() {
    hook!("program.request", route = "/a", route = "/b");
    sample!("program.queue", 1, größe = 2);
}
