
voidstate_session::protocol_file!("specs/nowhere.vsp");

fn main() {}
