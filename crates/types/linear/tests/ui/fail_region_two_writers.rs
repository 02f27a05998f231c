use voidstate_linear::region;

fn main() {
    let mut memory = [0; 4];
    region(&mut memory, |whole| {
        region(&mut memory, |other| other.finish());
        whole.finish()
    });
}
