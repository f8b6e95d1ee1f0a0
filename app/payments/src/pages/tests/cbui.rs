//! What the steps of each pipeline say, and what they never do.

use crate::model::{
    Addable, Ask, Authorization, Branding, CbuiAddress, CbuiConfirm, CbuiInstrument, CbuiNewInstrument,
    CbuiOver, Chrome, EachPayment, Instrument, Most, NewInstrument, Reviewed, SavedAddress, UsageLimit,
    Viewer,
};
use crate::pages::*;
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

const EVERYTHING: Addable = Addable { card: true, bank_account: true };

fn john() -> Chrome {
    let viewer = Viewer { name: "John Doe".to_owned(), email: "john@example.com".to_owned() };
    Chrome { viewer: Some(viewer), ..Chrome::default() }
}

fn limits() -> Vec<UsageLimit> {
    vec![
        UsageLimit { most: Most::Amount(Money::from_cents(10_000)), period: None },
        UsageLimit { most: Most::Payments(3), period: Some("week".to_owned()) },
    ]
}

fn multi_use() -> Ask {
    Ask::MultiUse { each: Some(EachPayment::AtMost(Money::from_cents(2_500))), limits: limits() }
}

fn recurring() -> Ask {
    Ask::Recurring { amount: Money::from_cents(1_500), period: "6 months".to_owned() }
}

fn asking(ask: Ask) -> Authorization {
    Authorization::new("a1", "DigitalDownload", ask)
}

fn card() -> Instrument {
    Instrument {
        id: "i1".to_owned(),
        label: "Visa ending in 1111".to_owned(),
        kind: "Credit card".to_owned(),
        available: None,
        unusable: None,
    }
}

fn confirm(authorization: Authorization) -> String {
    let reviewed = Reviewed { account: "c1".to_owned(), instrument: "i1".to_owned(), ..Reviewed::default() };
    let page = CbuiConfirm {
        authorization,
        reviewed,
        changed: false,
        instrument: Some(card()),
        ship_to: Vec::new(),
        note: Some("A note".to_owned()),
        problem: None,
    };
    cbui_confirm(&john(), &page)
}

fn choose(authorization: Authorization, instruments: Vec<Instrument>, addable: Addable) -> String {
    let form = FormState::default();
    cbui_instrument(&john(), &CbuiInstrument { authorization, instruments, addable, form })
}

fn add(kind: NewInstrument, form: FormState, show_test_numbers: bool) -> String {
    let authorization = asking(recurring());
    cbui_new_instrument(&john(), &CbuiNewInstrument { authorization, kind, form, show_test_numbers })
}

fn ship(addresses: Vec<SavedAddress>, form: FormState) -> String {
    let authorization = Authorization { collects_address: true, ..asking(recurring()) };
    cbui_address(&john(), &CbuiAddress { authorization, addresses, form })
}

/// Pages with this text wherever others may put text.
pub fn pages_with(text: &str) -> Vec<String> {
    let words = || text.to_owned();
    let written = |ask| Authorization {
        reason: Some(words()),
        recipients: vec![words(), words()],
        ships_to: vec![words()],
        branding: Branding {
            recipient: Some(words()),
            image: Some(words()),
            is_banner: text.len().is_multiple_of(2),
            website: Some(words()),
        },
        ..Authorization::new("a1", text, ask)
    };
    let edit = Ask::EditToken { allows: words(), pays_now: Some(words()) };
    let mut form = FormState::default();
    for field in ["full_name", "line1", "expiry"] {
        form.set(field, text);
        form.refuse(field, text);
    }
    let asks = [
        multi_use(),
        Ask::Recurring { amount: Money::from_cents(1), period: words() },
        Ask::SetupPrepaid { funding: Money::from_cents(1) },
        Ask::SetupPostpaid { credit_limit: Money::from_cents(1), limits: limits() },
        edit,
    ];
    let saved = SavedAddress { id: words(), lines: vec![words(), words()] };
    let mut pages: Vec<String> = asks.into_iter().map(|ask| confirm(written(ask))).collect();
    pages.push(choose(written(multi_use()), Vec::new(), EVERYTHING));
    pages.push(add(NewInstrument::Card, form.clone(), true));
    pages.push(ship(vec![saved], form));
    pages.push(cbui_another(&john(), &written(multi_use())));
    pages.push(cbui_over(&john(), &CbuiOver { caller: words(), home: words(), confirmed: false }));
    pages
}

#[test]
fn a_multi_use_authorization_says_what_it_allows() {
    let until = "2031-06-03T09:00:00Z".parse::<Timestamp>().ok();
    let html = confirm(Authorization { valid_until: until, ..asking(multi_use()) });
    for words in [
        "asks for payments within limits",
        "up to",
        "$25.00 or less",
        "$100.00 in all",
        "3 payments every week",
        "3 Jun 2031",
        "None for you",
        "without asking you again",
        "A note",
        "<h1>Confirm payment authorization</h1>",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
}

#[test]
fn each_review_says_what_confirming_does() {
    let postpaid = Ask::SetupPostpaid { credit_limit: Money::from_cents(2_000), limits: limits() };
    let edit =
        Ask::EditToken { allows: "One payment".to_owned(), pays_now: Some("Account balance".to_owned()) };
    let table = [
        (
            recurring(),
            "Confirm recurring payments",
            "may take $15.00 from this payment method once every 6 months",
        ),
        (
            Ask::SetupPrepaid { funding: Money::from_cents(5_000) },
            "Confirm your prepaid balance",
            "may move $50.00 from this payment method into your prepaid balance",
        ),
        (postpaid, "Confirm buying on credit", "You can owe DigitalDownload up to $20.00 at a time"),
        (edit, "Confirm the payment method", "Payments made already stay as they are."),
    ];
    for (ask, heading, words) in table {
        let html = confirm(asking(ask));
        assert!(html.contains(&format!("<h1>{heading}</h1>")), "{html}");
        assert!(html.contains(words), "{words}: {html}");
        assert_eq!(html.matches(r#"action="/cobranded-ui/a1/confirm""#).count(), 1);
        assert!(html.contains(r#"type="hidden" name="instrument" value="i1""#), "{html}");
        assert!(!html.contains("changed elsewhere"));
    }
}

#[test]
fn a_review_that_changed_says_so() {
    let page = CbuiConfirm {
        authorization: asking(recurring()),
        reviewed: Reviewed::default(),
        changed: true,
        instrument: Some(card()),
        ship_to: Vec::new(),
        note: None,
        problem: None,
    };
    let html = cbui_confirm(&john(), &page);
    assert!(html.contains("Nothing is confirmed yet.") && html.contains(">Confirm</button>"), "{html}");
}

#[test]
fn where_it_does_not_go_on_there_is_a_way_back() {
    let over = |confirmed| {
        let home = "http://localhost:3000/".to_owned();
        cbui_over(&Chrome::default(), &CbuiOver { caller: "DigitalDownload".to_owned(), home, confirmed })
    };
    let html = over(false);
    assert!(
        html.contains(r#"href="http://localhost:3000/""#) && html.contains("Nothing was charged"),
        "{html}"
    );
    assert!(!over(true).contains("Nothing was charged"));
    let html = cbui_another(&john(), &asking(recurring()));
    for form in ["switch-account", "cancel"] {
        assert!(html.contains(&format!(r#"action="/cobranded-ui/a1/{form}""#)), "{html}");
    }
}

#[test]
fn who_is_paid_is_said_as_far_as_it_is_known() {
    let html = confirm(Authorization { pays_anybody: true, ..asking(recurring()) });
    assert!(html.contains("Whoever DigitalDownload names"), "{html}");
    let named = Authorization { recipients: vec!["Right Here Records".to_owned()], ..asking(recurring()) };
    assert!(confirm(named).contains("<dt>To</dt><dd>Right Here Records</dd>"));
    assert!(confirm(asking(recurring())).contains("<dt>To</dt><dd>DigitalDownload</dd>"));
}

#[test]
fn a_reserve_is_called_one() {
    let ask = |reserve| Ask::SingleUse { amount: Money::from_cents(99), breakdown: Vec::new(), reserve };
    assert!(
        confirm(asking(ask(true))).contains("may set $0.99 aside on this payment method and take it later")
    );
    assert!(confirm(asking(ask(false))).contains("may take $0.99 from this payment method, once."));
}

#[test]
fn only_what_is_taken_can_be_added() {
    let links = |addable| {
        let html = choose(asking(recurring()), vec![card()], addable);
        (html.contains("/cobranded-ui/a1/add-card"), html.contains("/cobranded-ui/a1/add-bank-account"))
    };
    assert_eq!(links(EVERYTHING), (true, true));
    assert_eq!(links(Addable { card: true, ..Addable::default() }), (true, false));
    assert_eq!(links(Addable::default()), (false, false));
    let lacking = choose(asking(recurring()), Vec::new(), EVERYTHING);
    assert!(lacking.contains("You have no payment method that is taken here."), "{lacking}");
    assert!(!lacking.contains("Continue") && !lacking.contains("<fieldset"), "{lacking}");
}

#[test]
fn numbers_are_never_shown_again_and_browsers_know_what_they_are() {
    let mut form = FormState::default();
    form.set("expiry", "08/34");
    let card = add(NewInstrument::Card, form, false);
    assert!(
        card.contains(r#"autocomplete="cc-number""#) && card.contains(r#"autocomplete="cc-exp""#),
        "{card}"
    );
    assert!(card.contains(r#"value="08/34""#) && card.contains("Never give a real number here."));
    assert!(!card.contains("4111"), "test numbers are for the lab");
    assert!(add(NewInstrument::Card, FormState::default(), true).contains("4111 1111 1111 1111"));
    let bank = add(NewInstrument::BankAccount, FormState::default(), true);
    assert!(bank.contains("110 000 000") && bank.contains(r#"inputmode="numeric""#), "{bank}");
}

#[test]
fn an_empty_address_book_asks_for_an_address_at_once() {
    let first = ship(Vec::new(), FormState::default());
    assert!(
        first.contains(r#"type="hidden" name="address" value="new""#) && !first.contains("radio"),
        "{first}"
    );
    assert!(first.contains(r#"autocomplete="shipping postal-code""#));
    let lines = vec!["John Doe".to_owned(), "1 Pine Street".to_owned()];
    let book = ship(vec![SavedAddress { id: "d1".to_owned(), lines }], FormState::default());
    assert_eq!(book.matches(r#"type="radio""#).count(), 1);
    assert!(book.contains("<details") && !book.contains("<details open"), "{book}");
    assert!(book.contains(r#"value="d1" checked"#), "{book}");
    assert!(book.contains(r#"aria-current="step" class=""><span>Address"#), "it is a step: {book}");
}

#[test]
fn the_recipient_stands_on_top_where_the_caller_wants_it() {
    let branding = Branding { recipient: Some("Right Here Records".to_owned()), ..Branding::default() };
    let html = confirm(Authorization { branding, ..asking(recurring()) });
    assert!(html.contains("<strong>Right Here Records</strong>"), "{html}");
    assert!(html.contains(", through DigitalDownload"), "and who asks is said: {html}");
    assert!(!confirm(asking(recurring())).contains("through DigitalDownload"));
}

#[test]
fn an_image_tells_its_host_nothing() {
    let branding = |is_banner| Branding {
        recipient: None,
        image: Some("https://shop.example/logo.png".to_owned()),
        is_banner,
        website: Some("The shop of shops".to_owned()),
    };
    let with = |is_banner| confirm(Authorization { branding: branding(is_banner), ..asking(recurring()) });
    for (html, class) in [(with(false), "asked-logo"), (with(true), "asked-banner")] {
        let source = r#"<img src="https://shop.example/logo.png" alt="" referrerpolicy="no-referrer" "#;
        let image = format!(r#"{source}class="{class}">"#);
        assert!(html.contains(&image), "{html}");
        assert!(html.contains("Takes you back to The shop of shops. Nothing is charged."));
    }
}
