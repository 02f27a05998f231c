use voidstate_dependent::{Positive, Probability};

fn takes(_: Probability) {}

fn main() {
    let _ = Probability::proved(7.0);
    takes(0.5);
    takes(Positive::new(0.5).unwrap());
    let _ = Positive::<String>::new(String::new());
}
