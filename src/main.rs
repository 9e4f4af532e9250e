//! The `cornerman` command: parses its arguments and turns the outcome into an exit code.

fn main() -> std::process::ExitCode {
    cornerman::cli::run()
}
