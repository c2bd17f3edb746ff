//! Guest tokens go on.

use frontdesk_server::auth::{
    continuity::{Grant, Issued, RefreshError},
    tokens::TokenError,
};

use super::world::{World, origin};

const HOUR_MS: u64 = 3_600_000;

impl World {
    async fn refresh(
        &self,
        secret: &Issued,
        token: Option<&Issued>,
    ) -> Result<Issued, RefreshError> {
        let token = token.map(|issued| issued.token.as_str());
        let (account, origin) = (&self.account, origin());
        self.app.guests.refresh(account, Some(&origin), secret.secret.as_deref(), token).await
    }

    #[track_caller]
    fn is_revoked(&self, issued: &Issued) -> bool {
        self.app.authenticate(&issued.token) == Err(TokenError::Refused)
    }
}

#[track_caller]
fn refused(result: &Result<Issued, RefreshError>) {
    assert!(matches!(result, Err(RefreshError::Refused)), "{result:?}");
}

#[tokio::test]
async fn a_token_request_stores_nothing_and_goes_on_all_the_same() {
    let world = World::new().await;
    let first = world.issue();
    world.later(HOUR_MS);
    let second = world.refresh(&first, Some(&first)).await.unwrap();
    assert_eq!(second.identity, first.identity);
    let family = world.read(&second.token).family;
    assert!(world.app.store().family(family).await.unwrap().is_none());
    // Only the token knows its secret, so without it there is nothing to go by.
    refused(&world.refresh(&second, None).await);
    // And the secret of another token is none of this one's.
    refused(&world.refresh(&world.issue(), Some(&second)).await);
}

#[tokio::test]
async fn a_chat_goes_on_after_a_month_away() {
    let world = World::new().await;
    let first = world.issue();
    world.open(&world.read(&first.token)).await.unwrap();
    world.later(30 * 24 * HOUR_MS);
    let second = world.refresh(&first, Some(&first)).await.unwrap();
    assert_eq!(world.read(&second.token).party.identity, first.identity);
    // From now on the secret alone is enough.
    world.later(30 * 24 * HOUR_MS);
    let third = world.refresh(&second, None).await.unwrap();
    assert_eq!(world.read(&third.token).party.identity, first.identity);
}

#[tokio::test]
async fn the_secret_before_is_good_until_the_new_one_is_used() {
    let world = World::new().await;
    let first = world.issue();
    world.open(&world.read(&first.token)).await.unwrap();
    let lost = world.refresh(&first, Some(&first)).await.unwrap();
    // The answer was lost: the same again.
    world.later(HOUR_MS);
    let second = world.refresh(&first, Some(&first)).await.unwrap();
    // Both answers are good; using one makes the first secret an old one.
    let third = world.refresh(&lost, Some(&lost)).await.unwrap();
    world.refresh(&second, Some(&second)).await.unwrap();
    assert!(!world.is_revoked(&third));
    refused(&world.refresh(&first, Some(&first)).await);
    assert!(world.is_revoked(&third));
    refused(&world.refresh(&third, Some(&third)).await);
}

#[tokio::test]
async fn the_secret_before_is_good_for_a_day_at_most() {
    let world = World::new().await;
    let first = world.issue();
    world.open(&world.read(&first.token)).await.unwrap();
    let second = world.refresh(&first, Some(&first)).await.unwrap();
    world.later(24 * HOUR_MS + 1);
    refused(&world.refresh(&first, Some(&first)).await);
    // That alone is no theft: the newer secret still works.
    world.refresh(&second, Some(&second)).await.unwrap();
}

#[tokio::test]
async fn a_form_that_was_posted_with_the_token_before_still_goes_on() {
    let world = World::new().await;
    let first = world.issue();
    let second = world.refresh(&first, Some(&first)).await.unwrap();
    world.open(&world.read(&first.token)).await.unwrap();
    world.refresh(&second, Some(&second)).await.unwrap();
}

#[tokio::test]
async fn a_secret_is_good_where_it_belongs_only() {
    let world = World::new().await;
    let first = world.issue();
    world.open(&world.read(&first.token)).await.unwrap();
    let (secret, token) = (first.secret.as_deref(), Some(first.token.as_str()));
    let guests = &world.app.guests;
    let elsewhere = frontdesk_server::auth::origin::Origin::parse("https://evil.example").unwrap();
    refused(&guests.refresh(&world.account, Some(&elsewhere), secret, token).await);
    refused(&guests.refresh(&world.account, None, secret, token).await);
    let other = frontdesk_protocol::id::AccountSid::from_bits(2);
    refused(&guests.refresh(&other, Some(&origin()), secret, token).await);
    refused(&guests.refresh(&other, Some(&origin()), secret, None).await);
    let nothing = guests.refresh(&world.account, Some(&origin()), None, None).await;
    assert!(matches!(nothing, Err(RefreshError::Nothing)));
}

#[tokio::test]
async fn a_plain_token_is_continued_while_it_is_valid_and_for_a_day() {
    let world = World::new().await;
    let grant = Grant {
        account: world.account.clone(),
        site: None,
        origin: Some(origin()),
        continuity: false,
    };
    let mut token = world.app.guests.issue(grant);
    assert!(token.secret.is_none());
    for _ in 0..5 {
        world.later(5 * HOUR_MS - 1);
        token = world.refresh(&token, Some(&token)).await.unwrap_or(token);
    }
    refused(&world.refresh(&token, Some(&token)).await);
    // A token that has a secret is not continued without it.
    let with_secret = world.issue();
    let token = Some(with_secret.token.as_str());
    let guests = &world.app.guests;
    refused(&guests.refresh(&world.account, Some(&origin()), None, token).await);
}
