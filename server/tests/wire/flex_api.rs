//! What no client of the Flex API should send.

use crate::served::{Served, basic};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn account(served: &Served) -> String {
    let account = served.world.account.clone();
    let known = served.world.app.store().account(&account).await.unwrap().unwrap();
    basic(account.as_str(), &known.auth_token)
}

#[tokio::test]
async fn what_is_not_there_is_404_whatever_its_name() {
    let served = Served::start().await;
    let authorization = account(&served).await;
    let headers = [("authorization", authorization.as_str())];
    let nowhere = "0".repeat(32);
    for (list, prefix) in [("WebChannels", "CH"), ("Channels", "CH"), ("FlexFlows", "FO")] {
        for sid in [format!("{prefix}{nowhere}"), format!("XX{nowhere}"), "x".into(), "%ff".into()]
        {
            for method in ["GET", "DELETE"] {
                let path = format!("/v1/{list}/{sid}");
                let answer = served.ask(method, &path, &headers, "").await;
                answer.is_error(404, "there is no");
            }
        }
    }
}

#[tokio::test]
async fn pages_and_forms_that_are_none_are_refused() {
    let served = Served::start().await;
    let authorization = account(&served).await;
    let headers = [("authorization", authorization.as_str())];
    for list in ["WebChannels", "Channels", "FlexFlows"] {
        for query in ["PageSize=0", "PageSize=x", "Page=2", "PageToken=forged"] {
            let path = format!("/v1/{list}?{query}");
            let name = query.split_once('=').unwrap().0;
            served.ask("GET", &path, &headers, "").await.is_error(400, name);
        }
        let path = format!("/v1/{list}?PageSize=1001");
        let answer = served.ask("GET", &path, &headers, "").await;
        assert_eq!(answer.json()["meta"]["page_size"], 1_000);
        served.ask("GET", &path, &[], "").await.is_error(401, "Basic");

        let path = format!("/v1/{list}");
        let json = [headers[0], ("content-type", "application/json")];
        served.ask("POST", &path, &json, "{}").await.is_error(415, "urlencoded");
        let form = [headers[0], FORM];
        served.ask("POST", &path, &form, "").await.is_error(400, "is required");
        let twice = "FlexFlowSid=x&FlexFlowSid=y&FriendlyName=x&FriendlyName=y";
        served.ask("POST", &path, &form, twice).await.is_error(400, "is given twice");
    }
}
