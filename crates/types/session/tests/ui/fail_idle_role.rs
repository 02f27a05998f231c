use voidstate_session::protocol;

protocol! {
    protocol Asking(role a, role b, role idle) {
        Ask(u8) from a to b;
    }
}

fn main() {}
