//! The description as a page, and switched off.

use frontdesk_server::config::Config;

use crate::served::Served;

#[tokio::test]
async fn the_page_is_text_that_loads_nothing_from_elsewhere() {
    let served = Served::start().await;
    let page = served.ask("GET", "/docs", &[], "").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for never in ["<script", "style=", "src=", "href=\"http"] {
        assert!(!page.body.contains(never), "{never}");
    }
    for there in ["/v2/Services/{service}/Channels/{channel}/Messages", "createKeys", "NewMessage"]
    {
        assert!(page.body.contains(there), "{there}");
    }
    // Whatever a link within the page names is on it.
    for link in page.body.split("href=\"#").skip(1) {
        let name = link.split('"').next().unwrap();
        assert!(page.body.contains(&format!("id=\"{name}\"")), "{name}");
    }
    let style = served.ask("GET", "/docs/style.css", &[], "").await;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
}

#[tokio::test]
async fn who_does_not_want_it_has_none() {
    let served = Served::with(Config { api_docs: false, ..Config::default() }).await;
    for path in ["/openapi.json", "/docs", "/docs/style.css"] {
        served.ask("GET", path, &[], "").await.is_error(404, "nothing");
    }
}
