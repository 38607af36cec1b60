//! Key photos: choose, annotate, encode
