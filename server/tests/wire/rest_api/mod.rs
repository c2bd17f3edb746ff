//! What holds for every operation of the REST API, and that its description is right. The table is
//! the description itself, so a new resource is in it.

mod described;
mod docs;
mod keys;
mod refusals;
mod stage;
