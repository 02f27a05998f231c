use voidstate_embed::{hook, observed, sample};

#[observed(name = "checkout", err)]
fn f<T: Into<i64>>(n: T) -> Result<i64, String> {
    #![allow(dead_code)]
    let n: i64 = n.into();
    if n < 0 {
        return Err("negative".into());
    }
    Ok(n)
}

#[observed]
fn never(run: bool) -> u8 {
    if run { 1 } else { unreachable!() }
}

#[observed]
unsafe extern "C" fn raw(n: u8) -> u8 {
    n
}

#[observed]
async fn endless() -> ! {
    loop {
        std::future::pending::<()>().await;
    }
}

fn main() {
    hook!("program.request", latency_ms = 12.5, route = "/x", http.status = 200);
    sample!("program.queue_len", 3, label = "x");
    assert_eq!(f(3_i32), Ok(3));
    assert_eq!(never(true), 1);
    assert_eq!(unsafe { raw(2) }, 2);
    drop(endless());
}
