//! Writes every page of Amazon Payments, in the states that people meet, as files into a folder (the first
//! argument): to look at them without a server. Serve the folder beside `style/` and `public/`.

use app::form::FormState;
use app::payments::model::{
    AccountPage, Ask, Authorization, CbuiConfirm, CbuiInstrument, CbuiSignIn, Chrome, ErrorPage,
    HistoryEntry, Instrument, SignInPage, TransactionPage, TransactionRow, Viewer,
};
use app::payments::pages;
use jiff::Timestamp;
use money::{Money, Percent};
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "gallery".into()).into();
    std::fs::create_dir_all(&folder)?;
    for (name, html) in cbui_pages().into_iter().chain(site_pages()) {
        std::fs::write(folder.join(name).with_extension("html"), html)?;
    }
    Ok(())
}

fn john() -> Chrome {
    let viewer = Viewer { name: "John Doe".to_owned(), email: "john@example.com".to_owned() };
    Chrome { viewer: Some(viewer), path: "/account".to_owned() }
}

fn song() -> Authorization {
    let ask = Ask::SingleUse {
        amount: Money::from_cents(99),
        reason: Some("Now and Forever, Richard Marx (MP3)".to_owned()),
        recipient: Some("Evergreen Records".to_owned()),
        breakdown: Vec::new(),
    };
    Authorization { id: "a1".to_owned(), caller: "DigitalDownload".to_owned(), ask }
}

fn record() -> Authorization {
    let ask = Ask::SingleUse {
        amount: Money::from_cents(123_449),
        reason: Some("<b>Harbour at Dusk</b>, complete works on 24 long-playing records".to_owned()),
        recipient: Some("Brandt & Söhne Schallplattenhandelsgesellschaft".to_owned()),
        breakdown: vec![
            ("Items".to_owned(), Money::from_cents(122_000)),
            ("Shipping".to_owned(), Money::from_cents(1_950)),
            ("Discount".to_owned(), Money::from_cents(-501)),
        ],
    };
    Authorization { id: "a2".to_owned(), caller: "DigitalDownload".to_owned(), ask }
}

fn registration() -> Authorization {
    let ask = Ask::Recipient {
        max_fixed_fee: Some(Money::from_cents(5)),
        max_variable_fee: Percent::parse("10").ok(),
        recipient_pays_fee: true,
    };
    Authorization { id: "a3".to_owned(), caller: "DigitalDownload".to_owned(), ask }
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

fn instruments() -> Vec<Instrument> {
    vec![balance(), card(), instrument("i3", "Bank account ending in 6789", "Bank account")]
}

fn refused(field: &str, message: &str) -> FormState {
    let mut form = FormState::default();
    form.set("email", "john@example.com");
    form.refuse(field, message);
    form
}

fn cbui_pages() -> Vec<(&'static str, String)> {
    let nobody = Chrome::default();
    let sign_in = |authorization, form, creating| {
        pages::cbui_sign_in(&nobody, &CbuiSignIn { authorization, form, creating, show_demo: !creating })
    };
    let choose = |authorization, instruments, form| {
        pages::cbui_instrument(&john(), &CbuiInstrument { authorization, instruments, form })
    };
    let confirm = |authorization, instrument, problem: Option<&str>| {
        let problem = problem.map(str::to_owned);
        pages::cbui_confirm(&john(), &CbuiConfirm { authorization, instrument, problem })
    };
    let short = Instrument { unusable: Some("Its balance is less than $1,234.49.".to_owned()), ..balance() };
    let expired = Instrument { unusable: Some("It expired in 08/2026.".to_owned()), ..card() };
    let mut nothing_chosen = FormState::default();
    nothing_chosen.refuse("instrument", "Choose how to pay.");
    let mut chosen = FormState::default();
    chosen.set("instrument", "i1");
    let mut weak = refused("password", "The password needs at least 10 characters.");
    weak.refuse("name", "Enter your name.");
    vec![
        ("cbui-sign-in", sign_in(song(), FormState::default(), false)),
        ("cbui-sign-in-refused", sign_in(song(), refused("", "E-mail or password is wrong."), false)),
        ("cbui-create", sign_in(registration(), FormState::default(), true)),
        ("cbui-create-refused", sign_in(registration(), weak, true)),
        ("cbui-instrument", choose(song(), instruments(), chosen)),
        ("cbui-instrument-refused", choose(song(), instruments(), nothing_chosen)),
        (
            "cbui-instrument-unusable",
            choose(
                record(),
                vec![short.clone(), expired.clone(), instruments().remove(2)],
                FormState::default(),
            ),
        ),
        ("cbui-instrument-none", choose(record(), vec![short, expired], FormState::default())),
        ("cbui-confirm", confirm(song(), Some(balance()), None)),
        ("cbui-confirm-parts", confirm(record(), Some(card()), None)),
        (
            "cbui-confirm-problem",
            confirm(record(), Some(card()), Some("Visa ending in 1111 expired in 08/2026.")),
        ),
        ("cbui-confirm-recipient", confirm(registration(), None, None)),
    ]
}

fn row(id: &str, at: &str, description: &str, status: &str, cents: i32) -> TransactionRow {
    TransactionRow {
        id: id.to_owned(),
        at: at.parse::<Timestamp>().unwrap_or_default(),
        description: description.to_owned(),
        status: status.to_owned(),
        amount: Money::from_cents(cents),
    }
}

fn site_pages() -> Vec<(&'static str, String)> {
    let nobody = Chrome { viewer: None, path: "/account/sign-in".to_owned() };
    let rows = vec![
        row(
            "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUD",
            "2026-11-23T21:04:10Z",
            "Payment to Evergreen Records",
            "Success",
            -99,
        ),
        row(
            "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUE",
            "2026-11-22T09:30:00Z",
            "Payment to Brandt Prints",
            "Reserved",
            -2450,
        ),
        row(
            "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUF",
            "2026-11-20T18:12:45Z",
            "Refund from Evergreen Records",
            "Success",
            123_449,
        ),
        row(
            "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUG",
            "2026-11-20T18:00:00Z",
            "Payment to Evergreen Records",
            "Failure",
            -123_449,
        ),
        row(
            "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUH",
            "2026-11-19T08:00:00Z",
            "Payment to Foundry Nine",
            "Cancelled",
            -1200,
        ),
    ];
    let account = |transactions, held| {
        pages::account(
            &john(),
            &AccountPage { balance: Money::from_cents(49_901), held: Money::from_cents(held), transactions },
        )
    };
    let sign_in =
        |form| pages::sign_in(&nobody, &SignInPage { form, next: "/account".to_owned(), show_demo: true });
    let error = ErrorPage {
        status: 400,
        title: "This request was not signed by the shop".to_owned(),
        detail: "Go back to the shop and start the payment again.".to_owned(),
        request_id: "0193587a-3f0e-7c51-9f5c-1d2f7a9c0b11".to_owned(),
    };
    vec![
        ("front", pages::front(&Chrome::default())),
        ("sign-in", sign_in(FormState::default())),
        ("sign-in-refused", sign_in(refused("", "E-mail or password is wrong."))),
        ("account", account(rows.clone(), 2450)),
        ("account-empty", account(Vec::new(), 0)),
        ("transaction", pages::transaction(&john(), &sale(rows))),
        ("error", pages::error(&Chrome::default(), &error)),
    ]
}

fn sale(mut rows: Vec<TransactionRow>) -> TransactionPage {
    let entry = |at: &str, status: &str| HistoryEntry {
        at: at.parse::<Timestamp>().unwrap_or_default(),
        status: status.to_owned(),
        amount: Money::from_cents(2450),
    };
    TransactionPage {
        row: row(
            "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUD",
            "2026-11-22T09:30:00Z",
            "Payment from John Doe",
            "Success",
            2108,
        ),
        counterparty: "John Doe".to_owned(),
        caller: "DigitalDownload".to_owned(),
        instrument: None,
        fees: vec![
            ("Marketplace fee".to_owned(), Money::from_cents(-250)),
            ("Amazon Payments fee".to_owned(), Money::from_cents(-92)),
        ],
        reason: Some("Harbour at Dusk, A3 print".to_owned()),
        history: vec![entry("2026-11-22T09:30:00Z", "Reserved"), entry("2026-11-23T10:02:00Z", "Success")],
        related: vec![rows.remove(2)],
    }
}
