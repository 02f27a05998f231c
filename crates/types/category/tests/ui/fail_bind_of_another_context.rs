use voidstate_category::functor::Monad;

fn main() {
    let _ = Some(1).bind(|x: u8| Ok::<u8, ()>(x));
}
