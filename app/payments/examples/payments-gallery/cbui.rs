//! The Co-Branded UI: every step of every pipeline.

use super::{john, refused, written_to};
use app::form::FormState;
use jiff::Timestamp;
use money::{Money, Percent};
use payments_pages::model::{
    Addable, Ask, Authorization, Branding, CbuiAddress, CbuiConfirm, CbuiInstrument, CbuiNewInstrument,
    CbuiOver, CbuiSignIn, Chrome, EachPayment, Instrument, Most, NewInstrument, Reviewed, SavedAddress,
    UsageLimit,
};
use payments_pages::pages;

const BOTH: Addable = Addable { card: true, bank_account: true };

/// An image that needs no server.
const LOGO: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='215' height='40'%3E\
                    %3Crect width='215' height='40' fill='%233527c4'/%3E%3Ctext x='14' y='27' fill='white' \
                    font-family='sans-serif' font-size='20'%3EDigitalDownload%3C/text%3E%3C/svg%3E";

fn song() -> Authorization {
    let ask = Ask::SingleUse { amount: Money::from_cents(99), breakdown: Vec::new(), reserve: false };
    Authorization {
        reason: Some("Now and Forever, Richard Marx (MP3)".to_owned()),
        recipients: vec!["Evergreen Records".to_owned()],
        ..asking(ask)
    }
}

fn record() -> Authorization {
    let ask = Ask::SingleUse {
        amount: Money::from_cents(123_449),
        breakdown: vec![
            ("Items".to_owned(), Money::from_cents(122_000)),
            ("Shipping".to_owned(), Money::from_cents(1_950)),
            ("Discount".to_owned(), Money::from_cents(-501)),
        ],
        reserve: true,
    };
    Authorization {
        reason: Some("<b>Harbour at Dusk</b>, complete works on 24 long-playing records".to_owned()),
        recipients: vec!["Brandt & Söhne Schallplattenhandelsgesellschaft".to_owned()],
        collects_address: true,
        ..asking(ask)
    }
}

fn registration() -> Authorization {
    asking(Ask::Recipient {
        max_fixed_fee: Some(Money::from_cents(5)),
        max_variable_fee: Percent::parse("10").ok(),
        recipient_pays_fee: true,
    })
}

fn asking(ask: Ask) -> Authorization {
    Authorization {
        valid_until: "2027-11-24T09:00:00Z".parse::<Timestamp>().ok(),
        ..Authorization::new("a1", "DigitalDownload", ask)
    }
}

fn limits() -> Vec<UsageLimit> {
    let limit = |most, period: Option<&str>| UsageLimit { most, period: period.map(str::to_owned) };
    vec![
        limit(Most::Amount(Money::from_cents(10_000)), None),
        limit(Most::Amount(Money::from_cents(4_000)), Some("6 months")),
        limit(Most::Payments(3), Some("week")),
    ]
}

fn multi_use() -> Authorization {
    let each = Some(EachPayment::AtMost(Money::from_cents(2_500)));
    Authorization {
        reason: Some("Tips for the musicians that you listen to".to_owned()),
        recipients: vec!["Evergreen Records".to_owned(), "Brandt Type".to_owned()],
        valid_from: "2026-12-01T00:00:00Z".parse::<Timestamp>().ok(),
        branding: Branding {
            recipient: Some("Evergreen Records".to_owned()),
            image: Some(LOGO.to_owned()),
            is_banner: false,
            website: Some("DigitalDownload, your library".to_owned()),
        },
        ..asking(Ask::MultiUse { each, limits: limits() })
    }
}

fn recurring() -> Authorization {
    Authorization {
        reason: Some("The record of the month".to_owned()),
        valid_until: None,
        branding: Branding { image: Some(LOGO.to_owned()), is_banner: true, ..Branding::default() },
        ..asking(Ask::Recurring { amount: Money::from_cents(1_500), period: "month".to_owned() })
    }
}

fn prepaid() -> Authorization {
    asking(Ask::SetupPrepaid { funding: Money::from_cents(5_000) })
}

fn postpaid() -> Authorization {
    asking(Ask::SetupPostpaid { credit_limit: Money::from_cents(2_000), limits: limits() })
}

fn edit() -> Authorization {
    Authorization {
        reason: Some("The record of the month".to_owned()),
        ..asking(Ask::EditToken {
            allows: "Recurring payments".to_owned(),
            pays_now: Some("Visa ending in 1111".to_owned()),
        })
    }
}

fn instrument(id: &str, label: &str, kind: &str) -> Instrument {
    Instrument {
        id: id.to_owned(),
        label: label.to_owned(),
        kind: kind.to_owned(),
        available: None,
        unusable: None,
    }
}

fn balance() -> Instrument {
    Instrument {
        available: Some(Money::from_cents(50_000)),
        ..instrument("i1", "Account balance", "Balance")
    }
}

fn card() -> Instrument {
    instrument("i2", "Visa ending in 1111", "Credit card")
}

fn bank() -> Instrument {
    instrument("i3", "Bank account ending in 6789", "Bank account")
}

fn instruments() -> Vec<Instrument> {
    vec![balance(), card(), bank()]
}

fn home() -> Vec<String> {
    ["John Doe", "1 Pine Street", "Apartment 4", "Seattle WA 98101", "United States"]
        .map(str::to_owned)
        .to_vec()
}

fn away() -> Vec<String> {
    ["Jane Roe", "1 rue de Rivoli", "Paris 75001", "France"].map(str::to_owned).to_vec()
}

fn sign_in(authorization: Authorization, form: FormState, creating: bool) -> String {
    sign_in_with(&Chrome::default(), authorization, form, creating)
}

fn sign_in_with(chrome: &Chrome, authorization: Authorization, form: FormState, creating: bool) -> String {
    pages::cbui_sign_in(chrome, &CbuiSignIn { authorization, form, creating, show_demo: !creating })
}

fn choose(authorization: Authorization, instruments: Vec<Instrument>, form: FormState) -> String {
    pages::cbui_instrument(&john(), &CbuiInstrument { authorization, instruments, addable: BOTH, form })
}

fn add(kind: NewInstrument, form: FormState) -> String {
    let page = CbuiNewInstrument { authorization: song(), kind, form, show_test_numbers: true };
    pages::cbui_new_instrument(&john(), &page)
}

fn ship(addresses: Vec<SavedAddress>, form: FormState) -> String {
    pages::cbui_address(&john(), &CbuiAddress { authorization: record(), addresses, form })
}

fn confirm(authorization: Authorization, instrument: Option<Instrument>) -> String {
    let ship_to = if authorization.collects_address { home() } else { Vec::new() };
    let is_registration = matches!(authorization.ask, Ask::Recipient { .. });
    let note = is_registration.then(|| "Yours is a personal account: it cannot take cards.".to_owned());
    let page = CbuiConfirm {
        authorization,
        reviewed: Reviewed::default(),
        changed: false,
        instrument,
        ship_to,
        note,
        problem: None,
    };
    pages::cbui_confirm(&john(), &page)
}

fn changed() -> String {
    let page = CbuiConfirm {
        authorization: Authorization { recipients: Vec::new(), pays_anybody: true, ..song() },
        reviewed: Reviewed::default(),
        changed: true,
        instrument: Some(card()),
        ship_to: Vec::new(),
        note: None,
        problem: None,
    };
    pages::cbui_confirm(&john(), &page)
}

fn over() -> String {
    let caller = "DigitalDownload".to_owned();
    let home = "http://localhost:3000/".to_owned();
    pages::cbui_over(&Chrome::default(), &CbuiOver { caller, home, confirmed: false })
}

fn problem(authorization: Authorization, instrument: Instrument, problem: &str) -> String {
    let page = CbuiConfirm {
        authorization,
        reviewed: Reviewed::default(),
        changed: false,
        instrument: Some(instrument),
        ship_to: home(),
        note: None,
        problem: Some(problem.to_owned()),
    };
    pages::cbui_confirm(&john(), &page)
}

pub fn pages() -> Vec<(&'static str, String)> {
    [sign_in_pages(), choice_pages(), review_pages()].concat()
}

fn sign_in_pages() -> Vec<(&'static str, String)> {
    let mut weak = refused("password", "The password needs at least 10 characters.");
    weak.refuse("name", "Enter your name.");
    vec![
        ("cbui-sign-in", sign_in(song(), FormState::default(), false)),
        ("cbui-sign-in-refused", sign_in(song(), refused("", "E-mail or password is wrong."), false)),
        ("cbui-sign-in-written", sign_in_with(&written_to(), song(), FormState::default(), false)),
        ("cbui-create", sign_in(registration(), FormState::default(), true)),
        ("cbui-create-refused", sign_in(registration(), weak, true)),
    ]
}

fn choice_pages() -> Vec<(&'static str, String)> {
    let short = Instrument { unusable: Some("Its balance is less than $1,234.49.".to_owned()), ..balance() };
    let expired = Instrument { unusable: Some("It expired in 08/2026.".to_owned()), ..card() };
    let mut nothing_chosen = FormState::default();
    nothing_chosen.refuse("instrument", "Choose how to pay.");
    let mut chosen = FormState::default();
    chosen.set("instrument", "i1");
    let mut bad_card = FormState::default();
    bad_card.set("expiry", "08/24");
    bad_card.refuse("card_number", "This is not the number of a card: check each digit.");
    bad_card.refuse("expiry", "This card has expired.");
    let saved = |id: &str, lines| SavedAddress { id: id.to_owned(), lines };
    let mut no_state = FormState::default();
    no_state.set("address", "new");
    no_state.set("full_name", "John Doe");
    no_state.set("country", "United States");
    no_state.refuse("state", "Give the state: an address in the United States has one.");
    vec![
        ("cbui-instrument", choose(song(), instruments(), chosen)),
        ("cbui-instrument-refused", choose(song(), instruments(), nothing_chosen)),
        (
            "cbui-instrument-unusable",
            choose(record(), vec![short.clone(), expired.clone(), bank()], FormState::default()),
        ),
        ("cbui-instrument-none", choose(record(), vec![short, expired], FormState::default())),
        ("cbui-instrument-lacking", choose(song(), Vec::new(), FormState::default())),
        ("cbui-instrument-edit", choose(edit(), instruments(), FormState::default())),
        ("cbui-add-card", add(NewInstrument::Card, FormState::default())),
        ("cbui-add-card-refused", add(NewInstrument::Card, bad_card)),
        ("cbui-add-bank-account", add(NewInstrument::BankAccount, FormState::default())),
        ("cbui-address", ship(vec![saved("d1", home()), saved("d2", away())], FormState::default())),
        ("cbui-address-first", ship(Vec::new(), FormState::default())),
        ("cbui-address-refused", ship(vec![saved("d1", home())], no_state)),
    ]
}

fn review_pages() -> Vec<(&'static str, String)> {
    vec![
        ("cbui-confirm", confirm(song(), Some(balance()))),
        ("cbui-confirm-changed", changed()),
        ("cbui-another", pages::cbui_another(&john(), &song())),
        ("cbui-over", over()),
        ("cbui-confirm-parts", confirm(record(), Some(card()))),
        ("cbui-confirm-problem", problem(record(), card(), "Visa ending in 1111 expired in 08/2026.")),
        ("cbui-confirm-recipient", confirm(registration(), None)),
        ("cbui-confirm-multi-use", confirm(multi_use(), Some(card()))),
        ("cbui-confirm-recurring", confirm(recurring(), Some(bank()))),
        ("cbui-confirm-prepaid", confirm(prepaid(), Some(card()))),
        ("cbui-confirm-postpaid", confirm(postpaid(), Some(bank()))),
        ("cbui-confirm-edit", confirm(edit(), Some(balance()))),
    ]
}
