use voidstate_category::optics::left;

fn main() {
    let _ = left::<u8, u8>().inverse();
}
