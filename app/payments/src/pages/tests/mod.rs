//! What the pages promise, whatever the data: nothing of a caller's becomes markup, every page says that
//! it is a simulation, only what can work is offered.

mod account;
mod cbui;

use super::*;
use crate::model::{
    Addable, Ask, Authorization, CbuiConfirm, CbuiInstrument, CbuiSignIn, Chrome, ErrorPage, Instrument,
    Reviewed, SignInPage, Viewer,
};
use app::form::FormState;
use money::{Money, Percent};

fn john() -> Chrome {
    let viewer = Viewer { name: "John Doe".to_owned(), email: "john@example.com".to_owned() };
    Chrome { viewer: Some(viewer), path: "/account".to_owned(), ..Chrome::default() }
}

fn payment_by(caller: &str, reason: &str) -> Authorization {
    let breakdown = vec![(reason.to_owned(), Money::from_cents(99))];
    let ask = Ask::SingleUse { amount: Money::from_cents(99), breakdown, reserve: false };
    Authorization {
        reason: Some(reason.to_owned()),
        recipients: vec![reason.to_owned()],
        ..Authorization::new("a1", caller, ask)
    }
}

fn payment() -> Authorization {
    payment_by("DigitalDownload", "Now and Forever")
}

fn registration(recipient_pays_fee: bool) -> Authorization {
    let ask = Ask::Recipient {
        max_fixed_fee: Some(Money::from_cents(5)),
        max_variable_fee: Percent::parse("10").ok(),
        recipient_pays_fee,
    };
    Authorization::new("a1", "DigitalDownload", ask)
}

fn instrument(id: &str, unusable: Option<&str>) -> Instrument {
    Instrument {
        id: id.to_owned(),
        label: format!("Visa ending in {id}"),
        kind: "Credit card".to_owned(),
        available: None,
        unusable: unusable.map(str::to_owned),
    }
}

fn sign_in_step(authorization: Authorization, form: FormState, creating: bool) -> String {
    cbui_sign_in(&Chrome::default(), &CbuiSignIn { authorization, form, creating, show_demo: false })
}

fn instrument_step(authorization: Authorization, instruments: Vec<Instrument>, form: FormState) -> String {
    cbui_instrument(
        &john(),
        &CbuiInstrument { authorization, instruments, addable: Addable::default(), form },
    )
}

fn confirm_step(
    authorization: Authorization,
    instrument: Option<Instrument>,
    problem: Option<&str>,
) -> String {
    let problem = problem.map(str::to_owned);
    cbui_confirm(
        &john(),
        &CbuiConfirm {
            authorization,
            reviewed: Reviewed::default(),
            changed: false,
            instrument,
            ship_to: Vec::new(),
            note: None,
            problem,
        },
    )
}

/// Every page, with this text wherever a caller or another account may put text.
fn every_page(text: &str) -> Vec<String> {
    let viewer = Viewer { name: text.to_owned(), email: text.to_owned() };
    let notice = Some(text.to_owned());
    let chrome = Chrome { viewer: Some(viewer), path: "/account".to_owned(), notice, unread: 0, lab: true };
    let mut form = FormState::default();
    form.set("email", text);
    form.refuse("email", text);
    let shown =
        Instrument { label: text.to_owned(), unusable: Some(text.to_owned()), ..instrument("i1", None) };
    let authorization = || payment_by(text, text);
    let failure = ErrorPage {
        status: 400,
        title: text.to_owned(),
        detail: text.to_owned(),
        request_id: text.to_owned(),
    };
    vec![
        sign_in_step(authorization(), form.clone(), false),
        sign_in_step(authorization(), form.clone(), true),
        instrument_step(authorization(), vec![shown.clone(), instrument("i2", None)], form.clone()),
        confirm_step(authorization(), Some(shown), Some(text)),
        confirm_step(Authorization { caller: text.to_owned(), ..registration(true) }, None, None),
        sign_in(&chrome, &SignInPage { form, next: text.to_owned(), show_demo: true }),
        front(&chrome),
        error(&chrome, &failure),
    ]
    .into_iter()
    .chain(cbui::pages_with(text))
    .chain(account::pages_with(text))
    .collect()
}

#[test]
fn nothing_that_others_wrote_becomes_markup() {
    for html in every_page("<script>alert(1)</script>") {
        assert!(!html.contains("<script"), "{html}");
    }
    for html in every_page("\" onfocus=\"alert(1)") {
        assert!(!html.contains("=\"\" onfocus="), "a quotation mark must not end an attribute: {html}");
    }
}

#[test]
fn every_page_says_that_no_money_moves_and_needs_no_script_or_inline_style() {
    for html in every_page("words") {
        assert!(html.contains("<strong>Simulation.</strong> No money moves here."), "{html}");
        assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("<style"), "{html}");
        assert_eq!(html.matches("<h1").count(), 1);
        assert_eq!(html.matches("<main").count(), 1);
    }
}

#[test]
fn no_id_stands_twice_on_a_page() {
    for html in every_page("words") {
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{html}");
    }
}

#[test]
fn every_step_of_a_payment_shows_the_shop_the_amount_and_the_way_back() {
    let steps = [
        (sign_in_step(payment(), FormState::default(), false), "Sign in", "<h1>Sign in</h1>"),
        (
            instrument_step(payment(), vec![instrument("1111", None)], FormState::default()),
            "Payment method",
            "<h1>Payment authorization</h1>",
        ),
        (
            confirm_step(payment(), Some(instrument("1111", None)), None),
            "Confirm",
            "<h1>Confirm payment authorization</h1>",
        ),
    ];
    for (html, step, heading) in steps {
        assert!(html.contains(heading), "{html}");
        assert!(html.contains("DigitalDownload") && html.contains("$0.99"));
        assert!(html.contains(r#"action="/cobranded-ui/a1/cancel""#));
        assert!(html.contains("Takes you back to DigitalDownload. Nothing is charged."));
        let current: Vec<_> = html.split(r#"aria-current="step""#).skip(1).collect();
        assert_eq!(current.len(), 1, "one current step");
        let (_, inside) = current[0].split_once('>').unwrap();
        assert!(inside.starts_with(&format!("<span>{step}")), "{inside}");
    }
}

#[test]
fn what_was_typed_stays_and_the_password_does_not() {
    let mut form = FormState::default();
    form.set("email", "john@example.com");
    form.set("password", "a wrong password");
    form.refuse("", "E-mail or password is wrong.");
    let html = sign_in_step(payment(), form, false);
    assert!(html.contains(r#"role="alert""#) && html.contains("E-mail or password is wrong."));
    assert!(html.contains(r#"value="john@example.com""#));
    assert!(!html.contains("a wrong password"));
}

#[test]
fn demo_accounts_are_shown_only_where_they_may_be() {
    let page = |show_demo| sign_in(&Chrome::default(), &SignInPage { show_demo, ..SignInPage::default() });
    assert!(page(true).contains("amazonpayments"));
    assert!(!page(false).contains("amazonpayments"));
}

#[test]
fn an_unusable_instrument_is_disabled_and_says_why() {
    let instruments = vec![instrument("1111", Some("It expired in 08/2026.")), instrument("2222", None)];
    let mut form = FormState::default();
    form.set("instrument", "1111");
    let html = instrument_step(payment(), instruments, form);
    assert_eq!(html.matches("disabled").count(), 1);
    assert!(html.contains("It expired in 08/2026."));
    assert!(!html.contains("checked"), "what cannot be chosen is not chosen: {html}");
}

#[test]
fn the_instrument_that_was_chosen_stays_chosen_and_the_only_one_is_chosen_at_once() {
    let two = || vec![instrument("1111", None), instrument("2222", None)];
    let mut form = FormState::default();
    form.set("instrument", "2222");
    assert!(instrument_step(payment(), two(), form).contains(r#"value="2222" checked"#));
    assert!(!instrument_step(payment(), two(), FormState::default()).contains("checked"));
    let one = instrument_step(payment(), vec![instrument("1111", None)], FormState::default());
    assert!(one.contains(r#"value="1111" checked"#));
}

#[test]
fn a_missing_choice_is_said_on_top_and_at_the_field() {
    let mut form = FormState::default();
    form.refuse("instrument", "Choose how you want to pay.");
    let html = instrument_step(payment(), vec![instrument("1111", None)], form);
    assert_eq!(html.matches("Choose how you want to pay.").count(), 2);
    assert!(html.contains(r##"href="#field-instrument""##) && html.contains(r#"id="field-instrument""#));
}

#[test]
fn with_nothing_that_can_pay_there_is_no_continue() {
    let html =
        instrument_step(payment(), vec![instrument("1111", Some("It expired."))], FormState::default());
    assert!(html.contains("None of your payment methods can pay this."));
    assert!(!html.contains("Continue"));
    assert!(html.contains("Use another account") && html.contains(">Cancel<"));
}

#[test]
fn a_problem_is_shown_and_takes_the_place_of_confirm() {
    let fine = confirm_step(payment(), Some(instrument("1111", None)), None);
    assert!(fine.contains(r#"action="/cobranded-ui/a1/confirm""#) && !fine.contains(r#"role="alert""#));
    assert!(fine.contains("DigitalDownload may take $0.99 from this payment method, once."));
    for html in [
        confirm_step(payment(), Some(instrument("1111", None)), Some("The card expired.")),
        confirm_step(payment(), None, None),
    ] {
        assert!(html.contains(r#"role="alert""#));
        assert!(html.contains(r#"href="/cobranded-ui/a1/instrument""#));
        assert!(!html.contains(r#"action="/cobranded-ui/a1/confirm""#));
    }
}

#[test]
fn a_recipient_reads_the_terms_in_plain_words() {
    let html = confirm_step(registration(true), None, None);
    assert!(html.contains("<h1>Confirm recipient registration</h1>"));
    assert!(html.contains("$0.05 and 10 % of the price"));
    assert!(html.contains("On a sale of $10.00 that is $1.05."));
    assert!(html.contains("You pay it, out of each sale."));
    assert!(html.contains("Nothing is registered."));
    assert!(!html.contains("Payment method"), "a recipient chooses none");
    assert!(confirm_step(registration(false), None, None).contains("DigitalDownload pays it, not you."));
}

#[test]
fn an_error_page_names_the_request() {
    let data = ErrorPage {
        status: 404,
        title: "No such page".to_owned(),
        detail: "Check the address.".to_owned(),
        request_id: "0193587a".to_owned(),
    };
    let html = error(&Chrome::default(), &data);
    assert!(html.contains("Error 404") && html.contains("No such page") && html.contains("0193587a"));
}
