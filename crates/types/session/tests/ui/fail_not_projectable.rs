use voidstate_session::protocol;

protocol! {
    protocol Blind(role a, role b, role c) {
        choice at a {
            Left(u8) from a to b;
            More(u8) from b to c;
        } or {
            Right(u8) from a to b;
            More(u8) from c to b;
        }
    }
}

fn main() {}
