//! The command `vanthu`.

fn main() -> std::process::ExitCode {
    vanthu::cli::main()
}
