use crate::Document;
/// x
pub fn format(_: &Document) -> String {
    String::new()
}
