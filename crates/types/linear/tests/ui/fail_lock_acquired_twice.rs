use voidstate_linear::LinearLock;

fn main() {
    let lock = LinearLock::new("twice", 0);
    let first = lock.acquire().unwrap();
    let second = lock.acquire().unwrap();
    first.release();
    second.release();
}
