use std::time::Duration;
use voidstate_linear::LinearLock;

fn main() {
    let lock = LinearLock::new("scope", 0);
    let _ = lock.with(Duration::ZERO, |mut held| held.edit(|n| *n += 1));
}
