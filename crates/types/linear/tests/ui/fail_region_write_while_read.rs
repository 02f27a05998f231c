use voidstate_linear::region;

fn main() {
    region(&mut [0; 4], |mut whole| {
        let reader = whole.read();
        whole.as_mut_slice().fill(1);
        let _ = reader.as_slice();
        whole.finish()
    });
}
