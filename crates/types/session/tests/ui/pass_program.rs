include!("parts.rs");
include!("coordination.rs");
include!("program.rs");
