//! Integration tests.

mod evidence;
mod finite;
mod isos;
mod optimise;
mod paths;
mod pipelines;
mod rules;
