use voidstate_category::functor::Comonad;

fn focus<'a>(_: impl Comonad<'a>) {}

fn main() {
    focus(Some(1));
}
