use voidstate_session::protocol;

pub struct Opaque;

protocol! {
    #[wire]
    protocol Asking(role a, role b) {
        Ask(Opaque) from a to b;
    }
}

fn main() {}
