use voidstate_linear::LinearLock;

fn main() {
    let mut lock = LinearLock::new("free", 0);
    lock.edit(|n| *n += 1);
    lock.release();
}
