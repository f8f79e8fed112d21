//! Every page is rendered with its sample.
