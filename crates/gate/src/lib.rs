//! May it pass? and the drivers that act
