use super::*;
use jiff::Timestamp;
use platform::lab::{About, PostedLine, Site};

fn event(reference: &str, what: What) -> Event {
    let at = Timestamp::UNIX_EPOCH;
    let about = About { references: vec![reference.to_owned()], ..About::default() };
    Event { at, wall: at, site: Site::Payments, about, what }
}

fn request(action: &str, body: &str, answer: &str) -> What {
    What::Request {
        action: action.to_owned(),
        method: "POST".to_owned(),
        host: "127.0.0.1".to_owned(),
        path: "/".to_owned(),
        query: String::new(),
        body: body.to_owned(),
        status: 200,
        code: "Success".to_owned(),
        answer: answer.to_owned(),
        duration_us: 1,
    }
}

fn written(changes: Vec<Change>) -> What {
    What::Written { by: "Pay".to_owned(), changes }
}

fn transaction(operation: &str, status: &str, is_new: bool) -> Change {
    let [id, operation, status, amount] = ["T", operation, status, "0.99"].map(str::to_owned);
    Change::Transaction { id, operation, status, amount, is_new, is_fee: false }
}

/// Of the marketplace, which FPS calls a Pay, too.
fn fee() -> Change {
    let [id, operation, status, amount] = ["F", "Pay", "Success", "0.10"].map(str::to_owned);
    Change::Transaction { id, operation, status, amount, is_new: true, is_fee: true }
}

fn posted(lines: &[(&str, &str)]) -> Change {
    let line = |(account, amount): &(&str, &str)| PostedLine {
        account: (*account).to_owned(),
        amount: (*amount).to_owned(),
    };
    Change::Posted { name: "T".to_owned(), lines: lines.iter().map(line).collect() }
}

fn order(before: &str, after: &str) -> What {
    let [before, after, by, title] = [before, after, "Payment", "Now and Forever"].map(str::to_owned);
    What::Order { before, after, by, amount: None, title, item: None }
}

fn asked(outcome: &str) -> What {
    let [action, asked, outcome] = ["Pay", "Pay $0.99", outcome].map(str::to_owned);
    What::Asked { action, asked, outcome }
}

fn received() -> What {
    What::Received { summary: "PAY SUCCESS".to_owned(), genuine: true, outcome: "taken".to_owned() }
}

fn returned(genuine: bool) -> What {
    What::Returned { status: "SA".to_owned(), genuine, path: "/payments/return".to_owned() }
}

/// Which of the lesson's findings are done.
fn done(slug: &str, events: &[(&str, What)]) -> Vec<bool> {
    let events: Vec<Event> = events.iter().map(|(reference, what)| event(reference, what.clone())).collect();
    let events: Vec<&Event> = events.iter().collect();
    let found = check(slug, &events).unwrap();
    assert!(found.findings.iter().all(|finding| finding.words.ends_with('.')), "{found:?}");
    found.findings.iter().map(|finding| finding.done).collect()
}

#[test]
fn each_lesson_has_its_check_and_nothing_is_done_at_first() {
    for lesson in &lab_pages::pages::lessons::LESSONS {
        let findings = done(lesson.slug, &[]);
        assert!(findings.len() > 1 && !findings.contains(&true), "{}", lesson.slug);
    }
    assert_eq!(check("no-such", &[]), None);
}

#[test]
fn the_way_there_and_back_is_that_of_one_payment() {
    let sent = || What::SentToPay { pipeline: "SingleUse".to_owned(), url: String::new() };
    let opened = || What::AuthorizationOpened { pipeline: "SingleUse".to_owned(), query: String::new() };
    let ended = |status: &str| What::AuthorizationEnded { status: status.to_owned(), url: String::new() };
    let two = [("a", sent()), ("a", opened()), ("b", sent()), ("b", opened()), ("b", ended("A"))];
    assert_eq!(done("why-redirect", &two), [true, true, false, false]);
    let all = [("a", sent()), ("a", opened()), ("a", ended("SA")), ("a", returned(true)), ("b", sent())];
    assert_eq!(done("why-redirect", &all), [true; 4]);
}

#[test]
fn a_changed_return_is_seen_refused() {
    assert_eq!(done("sign-the-return", &[("a", returned(true))]), [true, false]);
    assert_eq!(done("sign-the-return", &[("a", returned(true)), ("a", returned(false))]), [true, true]);
}

#[test]
fn what_was_reserved_is_settled_afterwards() {
    let [pay, reserve, settle] =
        ["Pay", "Reserve", "Settle"].map(|action| ("a", request(action, "", "<x/>")));
    assert_eq!(done("pay-or-reserve", &[settle.clone(), pay.clone(), reserve.clone()]), [true, true, false]);
    assert_eq!(done("pay-or-reserve", &[pay, reserve, settle]), [true; 3]);
}

#[test]
fn fees_are_told_with_their_amounts() {
    let balance = written(vec![
        posted(&[("account:john", "-0.99"), ("account:merchant", "0.93"), ("amazon:fees", "0.06")]),
        posted(&[("account:merchant", "-0.10"), ("account:market", "0.10")]),
    ]);
    let card = written(vec![posted(&[
        ("world:cards", "-0.99"),
        ("account:merchant", "0.90"),
        ("amazon:fees", "0.09"),
    ])]);
    let refund = written(vec![posted(&[
        ("account:merchant", "-0.93"),
        ("amazon:fees", "-0.06"),
        ("account:john", "0.99"),
    ])]);
    assert_eq!(done("fees", &[("a", refund)]), [false; 3]);
    assert_eq!(done("fees", &[("a", balance.clone())]), [true, false, true]);
    let events = [event("a", balance), event("b", card)];
    let found = check("fees", &events.iter().collect::<Vec<_>>()).unwrap();
    assert!(found.passed());
    let words: Vec<&str> = found.findings.iter().map(|finding| finding.words.as_str()).collect();
    assert!(
        words[0].contains("$0.06") && words[1].contains("$0.09") && words[2].contains("$0.10"),
        "{words:?}"
    );
}

#[test]
fn one_reference_is_one_payment_however_often_it_is_asked_for() {
    let pay = || ("a", request("Pay", "", "<x/>"));
    let begun = || ("a", written(vec![transaction("Pay", "Success", true)]));
    assert_eq!(done("idempotency", &[begun(), pay(), ("b", request("Pay", "", "<x/>"))]), [false, true]);
    assert_eq!(done("idempotency", &[begun(), pay(), pay()]), [true, true]);
    let with_fee = ("a", written(vec![transaction("Pay", "Success", true), fee()]));
    assert_eq!(
        done("idempotency", &[with_fee, pay(), pay()]),
        [true, true],
        "the marketplace's fee is no payment"
    );
    assert_eq!(done("idempotency", &[begun(), begun(), pay(), pay()]), [true, false]);
}

#[test]
fn an_answer_was_lost_and_the_order_went_on() {
    let begun = ("a", written(vec![transaction("Pay", "Success", true)]));
    let lost = ("a", request("Pay", "", ""));
    let again = ("a", request("Pay", "", "<x/>"));
    let paid = ("a", order("Authorized", "Paid"));
    assert_eq!(
        done("lost-answer", &[begun.clone(), again.clone(), paid.clone()]),
        [false, false, false, true]
    );
    assert_eq!(done("lost-answer", &[begun.clone(), lost.clone(), paid.clone()]), [true, false, true, true]);
    assert_eq!(done("lost-answer", &[begun, lost, again, paid]), [true; 4]);
}

#[test]
fn the_notification_is_first_where_no_answer_came_before_it() {
    let paid = ("a", order("Authorized", "Paid"));
    let [answer, nothing] = ["Success", "No answer"].map(|outcome| ("a", asked(outcome)));
    let notification = ("a", received());
    let late = [answer.clone(), paid.clone(), notification.clone()];
    assert_eq!(done("notification-first", &late), [true, false, false]);
    let first = [nothing, paid, notification, answer];
    assert_eq!(done("notification-first", &first), [true; 3]);
}

#[test]
fn a_refund_says_whose_the_fee_was() {
    let call = request("Refund", "MarketplaceRefundPolicy=MasterAndMarketplaceTxn", "<x/>");
    assert_eq!(done("refunds", &[("a", call.clone())]), [true, true, false]);
    let back = written(vec![transaction("Refund", "Success", true)]);
    let events = [event("a", call), event("a", back)];
    let found = check("refunds", &events.iter().collect::<Vec<_>>()).unwrap();
    assert!(found.passed() && found.findings[1].words.contains("gave back its part"), "{found:?}");
}
