//! A program that is watched from inside; it prints how to attach to it. Takes the socket as its argument.

use voidstate_embed::{ObservedAllocator, Observer, hook, observed, sample};

#[global_allocator]
static ALLOCATOR: ObservedAllocator = ObservedAllocator::new().sample_every_bytes(64 << 10);

#[observed(err)]
fn handle(request: usize) -> Result<usize, String> {
    match request % 10 {
        9 => Err(format!("request {request} was refused")),
        _ => Ok(vec![b'x'; 1000 + request].len()),
    }
}

#[expect(clippy::print_stdout, reason = "an example talks to people")]
fn main() -> Result<(), voidstate_embed::Error> {
    let mut builder = Observer::builder().program("observed");
    if let Some(path) = std::env::args_os().nth(1) {
        builder = builder.socket(path);
    }
    let observer = builder.start()?;
    println!("voidstate watch --attach {}", observer.path().display());
    for request in 0..12_000 {
        let bytes = handle(request).ok();
        hook!("program.request", number = request, bytes = bytes);
        sample!("program.queue_len", request % 17, queue = "mail");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    Ok(())
}
