use voidstate_category::stream::arr;

fn main() {
    let mut count = 0;
    let _ = arr(|x: u32| {
        count += 1;
        x + count
    });
}
