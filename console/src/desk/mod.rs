//! What the desk shows, worked out without a browser: which chat stands on which tab and in which
//! order, how long somebody has been waiting, what is known of the visitor.
//!
//! Everything here is a function of its arguments. Time is one of them.

pub mod details;
pub mod glance;
pub mod list;
pub mod login;
pub mod name;
pub mod notice;
pub mod title;
pub mod waiting;
