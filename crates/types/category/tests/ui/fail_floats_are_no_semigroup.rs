use voidstate_category::{Sum, reduce};

fn main() {
    let _ = reduce([Sum(0.1), Sum(0.2)]);
}
