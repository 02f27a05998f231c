use voidstate_linear::region;

fn main() {
    let mut kept = None;
    region(&mut [0; 4], |whole| {
        kept = Some(whole.read());
        whole.finish()
    });
}
