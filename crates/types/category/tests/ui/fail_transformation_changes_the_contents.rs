use voidstate_category::functor::{NaturalTransformation, Window};

struct Count;
impl NaturalTransformation<'_, Window<u8>> for Count {
    type To = Option<usize>;
    fn apply(&self, window: Window<u8>) -> Option<usize> {
        Some(window.samples().len())
    }
}

fn main() {}
