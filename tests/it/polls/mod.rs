//! Polls that tell the truth: nothing is missed, nothing is mailed in a flood, whatever a source does.

mod brake;
mod desk;
mod heartbeat;
mod odd;
mod poison;
mod upstream;
mod windows;
