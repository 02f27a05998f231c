use voidstate_category::functor::{NaturalTransformation, Window};

struct Newest;
impl<A> NaturalTransformation<'_, Window<A>> for Newest {
    type To = Option<A>;
    fn apply(&self, window: Window<A>) -> Option<A> {
        window.into_samples().pop()
    }
}

fn main() {
    let _ = Newest.apply(Some(1));
}
