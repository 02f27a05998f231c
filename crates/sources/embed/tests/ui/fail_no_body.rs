use voidstate_embed::observed;

trait T {
    #[observed]
    fn f(&self);
}

fn main() {}
