//! Custom patterns: a part of regular expressions that Rust and JavaScript read alike and run in linear time.
//!
//! **Design.** The text is parsed by `regex-syntax` into a small tree of classes, repeats and alternatives
//! (`tree.rs`), in which `\d`, `\w`, `\s` and `.` are explicit classes. The tree is printed for each engine
//! ([`Portable`]), so that neither reads what somebody wrote. Before that it is measured (`cost.rs`): a backtracking
//! matcher, which is what JavaScript has, counts its steps over texts made to hurt this very pattern. Steps are counted,
//! not milliseconds, so the answer is the same on every machine.

mod cost;
mod tree;

#[cfg(test)]
mod tests;

use super::{Refusal, key};

pub use cost::{adversarial_texts, steps};
pub use tree::Tree;

/// Bytes that a compiled pattern may take in the server.
const MOST_COMPILED: usize = 256 * 1024;

key! {
    /// A custom pattern that went through the gate. Its canonical text is what was written.
    pub struct Pattern; most 512; gate
}

/// One pattern as each engine gets it. Both find the same stretches of the same text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portable {
    /// For the crate `regex`.
    pub rust: String,
    /// For `RegExp` with the flags `gu`.
    pub javascript: String,
}

fn gate(text: &str) -> Result<String, Refusal> {
    let tree = Tree::parse(text)?;
    tree.shape()?;
    let portable = Portable { rust: tree.rust(), javascript: tree.javascript() };
    // Compiled before it is measured: what is too large to compile is too large to expand.
    regex::RegexBuilder::new(&portable.rust).size_limit(MOST_COMPILED).build().map_err(|_| {
        Refusal::new("the pattern is too large when compiled", "repeat less, or use shorter alternatives")
    })?;
    cost::gate(&tree)?;
    Ok(text.to_owned())
}

impl Pattern {
    /// The forms for both engines.
    #[must_use]
    pub fn portable(&self) -> Portable {
        // Only the gate makes a pattern, and it read the same text.
        let tree = Tree::parse(&self.0).unwrap_or_else(|_| Tree::everything());
        Portable { rust: tree.rust(), javascript: tree.javascript() }
    }
}
