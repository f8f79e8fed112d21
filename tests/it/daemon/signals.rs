//! Start, stop, reload.

use crate::support::daemon::{CELLS, World, wait_until};

#[test]
fn a_document_reaches_every_cell_and_a_stop_is_clean() {
    let world = World::new();
    world.deliver(1);
    let daemon = world.start();
    wait_until("every cell has its mail", || world.sink.count() == CELLS);
    let (status, _) = daemon.terminate();
    assert!(status.success(), "{}", world.log());
}
