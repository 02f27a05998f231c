use voidstate_dependent::BVec;

fn main() {
    let sum = BVec::scope(vec![1, 2], |a| {
        BVec::scope(vec![10, 20], |b| {
            let (i, j) = (a.check(1).unwrap(), b.check(0).unwrap());
            a[i] + b[j]
        })
    });
    assert_eq!(sum, 12);
}
