//! Says what is found in files and counts their rows: `cargo run -p voidstate-file --example rows -- FILE…`
#![expect(clippy::print_stdout, reason = "an example that prints is what it is")]

use voidstate_file::{Error, Options, Reader};

fn main() {
    for path in std::env::args().skip(1) {
        if let Err(error) = tell(&path) {
            println!("{error}");
        }
    }
}

fn tell(path: &str) -> Result<(), Error> {
    let mut reader = Reader::open(path, &Options::default())?;
    println!("{path}: {}", reader.layout());
    while reader.next_row()?.is_some() {}
    let stats = reader.stats();
    println!(
        "  {} rows, {} bad, {} missing values, {} out of order, {} at the same time",
        stats.rows, stats.bad_rows, stats.missing_values, stats.out_of_order, stats.duplicate_times
    );
    for bad in &stats.bad {
        println!("  {bad}");
    }
    Ok(())
}
