//! The same as the failing cases, done right.

use std::time::Duration;
use voidstate_linear::*;

enum Closed {}
enum Open {}
impl First for Closed {}
impl Leads<Open> for Closed {}
impl Leads<Closed> for Open {}
impl Last for Closed {}

fn write<S: LockService>(owner: Ownership<S>, page: &mut Fenced<u8>) {
    let permit = owner.permit(Duration::ZERO).ok();
    let _ = permit.map(|permit| page.write(permit, |page| *page += 1));
    owner.give_up();
}

struct Nobody;

impl LockService for Nobody {
    type Error = Error;
    fn grant(&self, _: &str, now: Duration, ttl: Duration) -> Result<Grant> {
        Ok(Grant { fence: Fence::new(1), expires_at: now + ttl })
    }
    fn renew(&self, _: &str, _: Fence, now: Duration, ttl: Duration) -> Result<Duration> {
        Ok(now + ttl)
    }
    fn release(&self, _: &str, _: Fence, _: Duration) -> Result<()> {
        Ok(())
    }
}

fn main() {
    Linear::with("outer", |outer| {
        let inner = Linear::with("inner", |inner| inner.finish_by(str::len));
        assert_eq!(inner, 5);
        outer.finish().1
    });
    assert_eq!(Linear::bomb(1).consume(), 1);
    assert_eq!(Linear::checked(1).consume(), 1);
    assert_eq!(Linear::warn(1).consume(), 1);

    let two = Linear::bomb(0).times::<2>();
    let ((), one) = two.apply(|n| *n += 1);
    let ((), none) = one.apply(|n| *n += 1);
    assert_eq!(none.consume(), 2);
    let ((), none) = UpTo::<_, Of<1>>::new(0).apply(|n| *n += 1);
    assert_eq!(none.into_inner(), 1);

    let lock = LinearLock::new("lock", 0);
    let mut held = lock.acquire().unwrap();
    held.edit(|n| *n += 1);
    let lock = held.release();
    let (n, _) = lock
        .with(Duration::ZERO, |mut held| {
            let n = held.edit(|n| *n);
            held.finish().giving(n)
        })
        .unwrap();
    assert_eq!(n, 1);

    let closed = Stage::<Closed, _, Affine>::begin(1);
    assert_eq!(closed.step::<Open>().step::<Closed>().end(), 1);
    let suspended = Running::<_, Bomb>::begin(1).suspend("pause");
    assert_eq!(suspended.resume().stop(), 1);

    region(&mut [0; 4], |whole| {
        let mut whole = whole
            .split(2, |left, right| (left.finish(), right.finish()))
            .unwrap();
        let reader = whole.read();
        assert_eq!(reader.as_slice(), [0; 4]);
        whole.as_mut_slice().fill(1);
        whole.finish()
    });

    let once = OneTime::new("once");
    once.claim::<Bomb>().unwrap().set(1);
    assert_eq!(once.get(), Some(&1));
    let other = OneTime::new("other");
    assert_eq!(other.with(|init| init.finish(2)), Ok(&2));

    let mut page = Fenced::new("page", 0);
    let owner = Ownership::acquire(Nobody, "page", Duration::ZERO, Duration::from_secs(1));
    write(owner.unwrap(), &mut page);
    assert_eq!(*page.get(), 1);
}
