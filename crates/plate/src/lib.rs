//! What a Chinese plate is: classes, grammar, probabilities, voting
