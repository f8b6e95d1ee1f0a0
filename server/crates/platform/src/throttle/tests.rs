use super::who::HERE;
use super::*;
use axum::response::IntoResponse;
use futures_util::FutureExt;
use futures_util::future::join_all;
use http::StatusCode;
use http::header::RETRY_AFTER;

const JOHN: &str = "john@example.com";

fn throttle(enabled: bool) -> SignInThrottle {
    SignInThrottle::new(Clock::fixed("2030-01-01T12:00:00Z".parse().unwrap()), enabled)
}

/// Looks at a wrong password as slowly as the tasks beside it allow.
async fn guess(throttle: &SignInThrottle) -> bool {
    let Ok(turn) = throttle.admit(JOHN, HERE).await else { return false };
    tokio::task::yield_now().await;
    turn.failed();
    true
}

async fn fail(throttle: &SignInThrottle, account: &str, address: IpAddr) {
    throttle.admit(account, address).await.unwrap().failed();
}

#[tokio::test]
async fn guesses_that_come_together_are_counted_one_by_one() {
    let throttle = throttle(true);
    let guesses = join_all((0..30).map(|_| guess(&throttle))).await;
    assert_eq!(guesses.into_iter().filter(|admitted| *admitted).count(), 5);
    assert!(throttle.line.is_empty());
}

#[tokio::test]
async fn nobody_waits_for_anothers_password() {
    let throttle = throttle(true);
    let _looking = throttle.admit(JOHN, HERE).await.unwrap();
    assert!(throttle.admit(JOHN, HERE).now_or_never().is_none(), "one after the other for one account");
    assert!(throttle.admit("jane@example.com", HERE).now_or_never().is_some_and(|turn| turn.is_ok()));
}

#[tokio::test]
async fn who_finds_the_line_full_is_told_when_to_come_back() {
    let throttle = throttle(true);
    let turn = throttle.admit(JOHN, HERE).await.unwrap();
    let mut waiting: Vec<_> = (0..31).map(|_| Box::pin(throttle.admit(JOHN, HERE))).collect();
    assert!(waiting.iter_mut().all(|admitted| admitted.now_or_never().is_none()));
    let full = throttle.admit(JOHN, HERE).now_or_never().unwrap().unwrap_err();
    assert_eq!(full, NotNow::Busy { retry_after: LINE_MOVES_IN });
    let refusal = Refusal::from(full).into_response();
    assert_eq!(refusal.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refusal.headers()[RETRY_AFTER], "2");
    drop(turn);
    // Those who go away leave the line.
    drop(waiting);
    assert!(throttle.line.is_empty());
}

#[tokio::test]
async fn right_passwords_are_bounded_too_and_off_is_off() {
    let on = throttle(true);
    for _ in 0..120 {
        on.admit(JOHN, HERE).await.unwrap().succeeded();
    }
    let retry_after = Duration::from_secs(1);
    assert_eq!(on.admit(JOHN, HERE).await.unwrap_err(), NotNow::TooMany { retry_after });
    assert!(on.admit("jane@example.com", HERE).await.is_ok());
    let off = throttle(false);
    for _ in 0..200 {
        off.admit(JOHN, HERE).await.unwrap().failed();
    }
}

#[tokio::test]
async fn others_failures_keep_nobody_out_where_they_signed_in_before() {
    let throttle = throttle(true);
    let office: IpAddr = "198.51.100.1".parse().unwrap();
    throttle.admit(JOHN, office).await.unwrap().succeeded();
    // Behind one address with John somebody tries one password on everybody, and many try John's from elsewhere.
    for number in 0..60 {
        fail(&throttle, &format!("{number}@example.com"), office).await;
    }
    for number in 0..30 {
        fail(&throttle, JOHN, IpAddr::from([192, 0, 2, number])).await;
    }
    assert!(throttle.admit("jane@example.com", office).await.is_err(), "nobody knows her there");
    assert!(throttle.admit(JOHN, "203.0.113.1".parse().unwrap()).await.is_err(), "nor him elsewhere");
    throttle.admit(JOHN, office).await.unwrap().succeeded();
    // Guesses from his own place count.
    for _ in 0..5 {
        fail(&throttle, JOHN, office).await;
    }
    assert!(throttle.admit(JOHN, office).await.is_err());
}

#[test]
fn what_is_remembered_has_an_end() {
    let mut state = State::default();
    for number in 0..=MOST_KNOWN {
        let now = i64::try_from(number).unwrap();
        state.remember(Who::new(&format!("{number}@example.com"), HERE), now);
    }
    assert_eq!(state.known.len(), MOST_KNOWN);
    assert!(!state.known.contains_key(&Who::new("0@example.com", HERE)), "the oldest goes");
    let last = Who::new(&format!("{MOST_KNOWN}@example.com"), HERE);
    let others = |state: &mut State, now| {
        for number in 0..60 {
            state.counts.add(&Who::new(&format!("x{number}"), HERE).failures(), now);
        }
    };
    others(&mut state, KNOWN_FOR / 2);
    assert!(state.wait(&last, KNOWN_FOR / 2) <= 0);
    others(&mut state, 2 * KNOWN_FOR);
    assert!(state.wait(&last, 2 * KNOWN_FOR) > 0, "not for ever");
}
