include!("parts.rs");
include!("coordination.rs");

macro_rules! decide {
    ($came:expr) => {
        match $came {
            coordination::tool::CancelOrStart::Cancel(end) => end.close(),
        }
    };
}

fn tool(came: coordination::tool::CancelOrStart) {
    decide!(came);
}

fn main() {}
