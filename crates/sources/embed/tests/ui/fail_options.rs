use voidstate_embed::observed;

#[observed(level = "info")]
fn a() {}

#[observed(name = "")]
fn b() {}

#[observed(err)]
fn c() {}

#[observed(err)]
fn d() -> u8 {
    1
}

#[observed(err, err)]
fn e() -> Result<(), String> {
    Ok(())
}

fn main() {}
