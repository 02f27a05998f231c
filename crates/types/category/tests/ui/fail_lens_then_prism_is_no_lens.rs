use voidstate_category::Lenses;
use voidstate_category::optics::some;

#[derive(Lenses)]
struct Config {
    limit: Option<u32>,
}

fn main() {
    let config = Config { limit: None };
    let _ = Config::LIMIT.then(some()).get(&config);
}
