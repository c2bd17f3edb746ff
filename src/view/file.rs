//! The file beside a message.

use frontdesk_client::text::size;
use frontdesk_protocol::Media;

use super::button::button;
use crate::{ui::El, widget::Widget};

/// A button with the file's name and size that saves it.
#[must_use]
pub fn file(widget: Widget, media: Media) -> El {
    let Media { sid, content_type, filename, size_bytes } = media;
    let name = filename.unwrap_or(content_type);
    // Whichever way the name is written, it turns nothing around it.
    let text = [widget.words.save, "\u{2068}", &name, "\u{2069} ", &size(size_bytes)].concat();
    button("link", move || widget.open_file(sid.clone())).text(&text)
}
