//! Replays footage and photos with known truth, and scores it
