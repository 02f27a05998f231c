// Included by the cases: what the protocol carries.
#[allow(unused_imports)]
use voidstate_session::blocking::block_on;
#[allow(unused_imports)]
use voidstate_session::{Error, protocol};

pub struct InitRequest(pub u32);
pub struct InitResponse(pub u32);
pub struct WorkComplete(pub u64);
