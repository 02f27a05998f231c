use voidstate_dependent::Count;

fn other_count() {
    Count::fix(3, |n| Count::fix(3, |m| {
        let _ = n.from_fn(|_| 0).zip(m.from_fn(|_| 0));
    }));
}

fn main() {}
