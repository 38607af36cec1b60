//! Devices over real HTTP and UDP: the mock of `oxvif`, `ipycam` (an independent camera in Python),
//! answers in the form of two makers, and devices that mean harm.

mod discovery;
mod hostile;
mod independent;
mod recorded;
mod simulated;
mod support;
