use voidstate_session::protocol;

protocol! {
    protocol Asking(role a, role b) {
        Ask(u8) from a to b;
        Ask(u16) from b to a;
    }
}

fn main() {}
