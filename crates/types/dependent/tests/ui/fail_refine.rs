use voidstate_dependent::{NonEmpty, Positive, Probability, Sorted};

fn takes(_: Probability) {}

fn main() {
    let _ = Probability { value: 7.0, rule: std::marker::PhantomData };
    let _ = Probability::proved(7.0);
    takes(0.5);
    takes(Positive::new(0.5).unwrap());
    let mut sorted = Sorted::sort(vec![1, 2]);
    sorted.reverse();
    sorted[0] = 9;
    sorted.push(0);
    let mut list = NonEmpty::of(1, vec![]);
    list.clear();
    let _ = Positive::<String>::new(String::new());
}
