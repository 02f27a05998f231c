use voidstate_linear::{Affine, First, Last, Leads, Stage};

enum Closed {}
enum Open {}
impl First for Closed {}
impl Leads<Open> for Closed {}
impl Leads<Closed> for Open {}
impl Last for Closed {}

fn main() {
    let _ = Stage::<Open, _, Affine>::begin(1);
    let closed = Stage::<Closed, _, Affine>::begin(1);
    let _ = closed.step::<Closed>();
    let open = Stage::<Closed, _, Affine>::begin(1).step::<Open>();
    open.end();
}
