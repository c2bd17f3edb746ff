//! Starts the console in the page.

fn main() {
    frontdesk_console::app::start();
}
