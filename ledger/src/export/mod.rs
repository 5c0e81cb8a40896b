//! A log in one file, and the check that needs nothing else but the log's key.
//!
//! **Purpose.** An export leaves the system for years. Whoever opens it later must be able to tell, without us, that it is
//! what was signed and, when it is not, where it begins to differ.
//!
//! **Design.** Every form begins with a line that says what it is and carries the signed checkpoint, holds entries in the
//! order of their places with their exact bytes, and ends with the checkpoint again, so that a file that was cut is known
//! as one. A [`log`](Line) export of everything also carries the hash kept for each entry: [`Check`] then tells which entry
//! was changed. One with a [`Filter`] carries a proof for each entry instead. [`ocsf`] says the same in events that security
//! tools read; [`csv`] is for people with spreadsheets and proves nothing.
//!
//! Nothing here holds more than a tile of hashes: an export may be larger than memory.
//!
//! **How to add one more form.** A module beside [`ocsf`] that writes it and, if it is to be proved, reads a line of it back
//! as a [`Line`]; then [`Check`] checks it.

mod check;
pub mod csv;
mod filter;
mod line;
pub mod ocsf;

pub use check::{Check, Checked, Flaw};
pub use filter::{Filter, FilterError};
pub use line::{EntryLine, Head, Line, LineError, TileLine};

/// The name and version of the form.
pub const FORMAT: &str = "sealtape-audit-log/v1";

/// The longest line of an export that is one: an entry of the greatest length, with every byte escaped, and a proof.
pub const MAX_LINE: usize = 64 * 1_024;
