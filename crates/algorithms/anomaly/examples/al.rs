#[path="../tests/it/drift_streams.rs"] mod d;
fn main(){ for n in d::NAMES { for s in 1..=3 { let mut a=voidstate_anomaly::Adwin::with_delta(0.002).unwrap(); print!("{n} {s}"); for (t,v) in d::stream(n,s).unwrap().iter().enumerate(){ if a.update(*v).unwrap(){print!(" {t}");} } println!(); }}}
