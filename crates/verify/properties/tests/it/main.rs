//! The law suites, put to the test themselves: lawful instances pass, planted breakers are caught.

mod algebra;
mod catalogue;
mod codecs;
mod containers;
mod engine;
mod machines;
mod optics;
mod processes;
mod relations;
mod replicas;
mod replicas_lawful;
