//! The few traits between the use cases and the world.
