use voidstate_linear::Linear;

fn main() {
    let _ = Linear::affine(0).times::<17>();
}
