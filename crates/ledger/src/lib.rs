//! SQLite and the evidence files beside it
