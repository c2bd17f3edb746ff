//! `/frontdesk.js?site=PUBLIC_ID`: the loader with the site's settings in it.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use frontdesk_protocol::site::LauncherConfig;
use serde::Deserialize;

use super::{answer, embedded};
use crate::{
    http::Fronts,
    storage::{Site, SiteId},
};

/// Where the settings go.
const PLACE: &str = "__FRONTDESK_CONFIG__";
/// Compressed scripts that are kept; with more sites than this they are made again now and then.
const KEPT_SITES: usize = 1_000;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    site: String,
}

/// The loader. A site that is not known is answered by a script, too, and with 200: what is wrong
/// must be found in the browser's console, where the page's owner looks, and a browser does not run
/// a script of any other status.
pub(crate) async fn serve(
    State(fronts): State<Fronts>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(manifest) = embedded::manifest() else { return answer::not_built().into_response() };
    let site = match SiteId::parse(&asked.site) {
        Some(id) => match fronts.app.store().site(&id).await {
            Ok(site) => site,
            Err(error) => {
                tracing::error!(%error, "site could not be read");
                return complaint(
                    "the server cannot read its settings now. It is worth trying again.",
                );
            }
        },
        None => None,
    };
    let Some(site) = site else {
        return complaint(
            "this server knows no such site. `frontdesk site list` prints the tags of those it knows.",
        );
    };
    let file = embedded::find(&manifest.loader).expect("the manifest names a file beside it");
    let source = std::str::from_utf8(file.plain).expect("esbuild writes UTF-8");
    let settings = LauncherConfig {
        site: site.id.to_string(),
        brand: site.profile.brand.clone(),
        label: label(&site),
        widget_js: manifest.widget_js.clone(),
        widget_wasm: manifest.widget_wasm.clone(),
    };
    let settings = serde_json::to_string(&settings).expect("strings are JSON");
    let source = source.replacen(PLACE, &within_script(&settings), 1);
    let takes_brotli = answer::takes_brotli(&headers);
    let body = if takes_brotli { compressed(&source) } else { source.into() };
    let mut response = script("public, max-age=300", body);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if takes_brotli {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// The script compressed: once for each site and its settings, then from memory.
fn compressed(source: &str) -> Bytes {
    static KEPT: LazyLock<Mutex<HashMap<String, Bytes>>> = LazyLock::new(Mutex::default);
    let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = kept().get(source) {
        return bytes.clone();
    }
    let mut bytes = Vec::new();
    let parameters = BrotliEncoderParams { quality: 11, ..BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut source.as_bytes(), &mut bytes, &parameters)
        .expect("memory takes what is written to it");
    let bytes = Bytes::from(bytes);
    let mut kept = kept();
    if kept.len() >= KEPT_SITES {
        kept.clear();
    }
    kept.insert(source.to_owned(), bytes.clone());
    bytes
}

fn label(site: &Site) -> String {
    if site.profile.label.is_empty() { "Chat with us".into() } else { site.profile.label.clone() }
}

/// JSON as it may stand in a script, wherever the script stands: `</script>` and the two line ends
/// that JSON takes and old JavaScript does not are written as escapes.
fn within_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn complaint(words: &str) -> Response {
    let words = serde_json::to_string(&format!("Frontdesk: {words}")).expect("a string is JSON");
    script("no-store", format!("console.error({words});\n").into())
}

fn script(cache_control: &'static str, body: Bytes) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    // A tag with `crossorigin` asks for it; the loader is the same for every page.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owners_words_cannot_leave_the_script() {
        let json = serde_json::to_string("</script><!--\u{2028}").unwrap();
        assert_eq!(within_script(&json), r#""\u003c/script>\u003c!--\u2028""#);
    }
}
