//! Dropped on one path.

use voidstate_linear::Linear;

fn main() {
    let token = Linear::checked(1_u64);
    if std::env::args().len() > 1 {
        token.consume();
    }
}
