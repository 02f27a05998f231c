//! Procedural macros of voidstate-embed.
