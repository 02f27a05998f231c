use voidstate_linear::LinearLock;

fn main() {
    let held = LinearLock::new("twice", 0).acquire().unwrap();
    held.release();
    held.release();
}
