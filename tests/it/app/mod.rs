//! The use cases over real HTTP and the real register, time stepped by hand.

mod dispatch;
mod doubt;
mod holds;
mod identity;
mod ingest;
mod ladders;
mod leftovers;
mod life;
mod operations;
mod operations_orders;
mod plan;
mod receipts;
mod reorganise;
mod reorganise_random;
mod report_up;
mod sending;
mod tasks;
mod threads;
mod together;
