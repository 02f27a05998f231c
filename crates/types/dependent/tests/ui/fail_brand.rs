use voidstate_dependent::BVec;

fn swapped() {
    BVec::scope(vec![1, 2], |a| {
        BVec::scope(vec![10], |b| {
            let i = a.check(1).unwrap();
            b[i]
        })
    });
}

fn escaped() {
    let _ = BVec::scope(vec![1, 2], |a| a.check(1));
}

fn grown() {
    BVec::scope(vec![1, 2], |mut a| a.push(3));
}

fn main() {}
