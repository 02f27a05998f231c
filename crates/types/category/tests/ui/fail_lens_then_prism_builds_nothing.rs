use voidstate_category::Lenses;
use voidstate_category::optics::some;

#[derive(Lenses)]
struct Config {
    limit: Option<u32>,
}

fn main() {
    let _ = Config::LIMIT.then(some()).review(1);
}
