use std::time::Duration;
use voidstate_linear::{Fenced, LockService, Ownership};

fn write<S: LockService>(owner: Ownership<S>, page: &mut Fenced<u8>) {
    let permit = owner.permit(Duration::ZERO).unwrap();
    let _ = owner.release(Duration::ZERO);
    let _ = page.write(permit, |page| *page += 1);
}

fn main() {}
