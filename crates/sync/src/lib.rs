//! Delivers the outbox: regulator adapters, MQTT
