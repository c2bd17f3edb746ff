//! Randomness. The only place that draws it.

/// 128 bits that nobody can guess, for a message's `cid` and the tab's own id.
///
/// # Panics
/// If the browser has no `crypto.getRandomValues`; every browser that runs WebAssembly has it.
#[must_use]
pub fn bits() -> u128 {
    let mut bytes = [0; 16];
    crate::window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
        .expect("a browser with WebAssembly has crypto.getRandomValues");
    u128::from_be_bytes(bytes)
}

/// A number in `0.0..1.0`, for jitter.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is randomness' edge; jitter needs no secrecy")]
pub fn unit() -> f64 {
    js_sys::Math::random()
}
