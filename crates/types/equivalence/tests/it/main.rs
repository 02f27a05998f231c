//! Integration tests.

mod optimise;
mod pipelines;
mod rules;
