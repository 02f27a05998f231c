include!("parts.rs");
include!("coordination.rs");

fn tool(coordination::tool::CancelOrStart::Cancel(end): coordination::tool::CancelOrStart) {
    end.close();
}

fn main() {}
