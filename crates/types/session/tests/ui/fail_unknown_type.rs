use voidstate_session::protocol;

protocol! {
    protocol Asking(role a, role b) {
        Ask(Nowhere) from a to b;
    }
}

fn main() {}
