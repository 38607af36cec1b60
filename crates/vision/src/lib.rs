//! Pixels in, readings out
