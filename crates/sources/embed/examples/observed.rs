//! A program that is watched from inside: `cargo run --example observed -- [SOCKET]`, then `voidstate watch --attach SOCKET`.

use std::time::Duration;

use voidstate_embed::{ObservedAllocator, Observer, hook, observed, sample};

#[global_allocator]
static ALLOCATOR: ObservedAllocator = ObservedAllocator::new().sample_every_bytes(64 << 10);

#[observed(err)]
fn handle(request: usize) -> Result<usize, String> {
    if request % 10 == 9 {
        return Err(format!("request {request} was refused"));
    }
    Ok(vec![b'x'; 1000 + request].len())
}

#[expect(clippy::print_stdout, reason = "an example talks to people")]
fn main() -> Result<(), voidstate_embed::Error> {
    let builder = match std::env::args_os().nth(1) {
        Some(path) => Observer::builder().socket(path),
        None => Observer::builder(),
    };
    let observer = builder.program("observed").start()?;
    println!("voidstate watch --attach {}", observer.path().display());
    for request in 0..12_000 {
        let bytes = handle(request).ok();
        hook!(
            "program.request",
            number = request,
            bytes = bytes,
            refused = bytes.is_none()
        );
        sample!("program.queue_len", request % 17, queue = "mail");
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
