//! Generated tests: right implementations pass, planted faults are found, inputs are constructed rather than thrown away.

mod corpus;
mod functions;
mod laws;
mod machines;
mod regression;
mod rejection;
mod support;
