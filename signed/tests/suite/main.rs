//! What is signed is believed, and what somebody made of it is not.

mod certificates;
mod configs;
mod frozen;
mod made;
