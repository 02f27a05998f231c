//! The law suites, put to the test themselves.
