//! A regulator's platform for tests and trials
