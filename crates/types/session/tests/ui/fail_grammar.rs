use voidstate_session::protocol;

protocol! {
    protocol Broken(role a, role b) {
        Ask(u8) from a two b;
    }
}

fn main() {}
