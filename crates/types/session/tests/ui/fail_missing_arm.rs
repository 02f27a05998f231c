include!("parts.rs");
include!("coordination.rs");

fn tool(came: coordination::tool::CancelOrStart) {
    match came {
        coordination::tool::CancelOrStart::Cancel(end) => end.close(),
    }
}

fn main() {}
