use voidstate_session::protocol;

protocol! {
    #[wire]
    protocol Giving(role a, role b) {
        Give(session Asking@b) from a to b;
    }

    protocol Asking(role a, role b) {
        Ask(u8) from a to b;
    }
}

fn main() {}
