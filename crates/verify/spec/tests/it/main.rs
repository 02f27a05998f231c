//! Tests of specs from outside.
