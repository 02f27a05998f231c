use voidstate_category::functor::{Monad, Validation};

fn main() {
    let valid = Validation::<u8, String>::Valid(1);
    let _ = valid.bind(|x| Validation::Valid(x));
}
