//! The account site's pages.

use app::components::security::SessionEntry;
use app::form::FormState;
use jiff::Timestamp;
use money::{Money, Percent};
use payments_pages::model::{
    AccountPage, ActivityRow, BalancePage, CallerSite, Chrome, CreateAccountPage, DeveloperCaller,
    DeveloperPage, DeveloperPart, FeeBreakdown, HistoryEntry, InstrumentCard, InstrumentsPage, Letter,
    LetterLink, MailPage, MailRow, MerchantTerms, NewInstrument, NewInstrumentPage, NotificationCard,
    Outcome, Paging, ProfilePage, SecurityPage, StatementLine, TokenCard, TokenLimit, TokensPage,
    TransactionAction, TransactionPage, TransactionRow, TransferForm, Viewer,
};
use payments_pages::pages as site;

pub fn pages() -> Vec<(&'static str, String)> {
    [activity(), transactions(), mail(), money(), settings()].concat()
}

fn at(path: &str) -> Chrome {
    let viewer = Viewer { name: "John Doe".to_owned(), email: "john@example.com".to_owned() };
    Chrome { viewer: Some(viewer), path: path.to_owned(), notice: None, unread: 2, lab: true }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}

fn row(at: &str, description: &str, status: &str, cents: i32) -> TransactionRow {
    TransactionRow {
        id: "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUD".to_owned(),
        at: time(at),
        description: description.to_owned(),
        status: status.to_owned(),
        amount: Money::from_cents(cents),
        between_others: false,
        outcome: match status {
            "Success" => Outcome::Moved,
            "Failure" | "Cancelled" => Outcome::Undone,
            _ => Outcome::Open,
        },
    }
}

fn rows() -> Vec<ActivityRow> {
    let rows = [
        row("2026-11-23T21:04:10Z", "Payment to Evergreen Records", "Success", -99),
        row("2026-11-22T09:30:00Z", "Payment to Brandt Prints", "Reserved", -2450),
        row("2026-11-20T18:12:45Z", "Refund from Evergreen Records", "Success", 123_449),
        row(
            "2026-11-20T18:00:00Z",
            "Payment to Brandt & Söhne Schallplattenhandelsgesellschaft",
            "Failure",
            -123_449,
        ),
        row("2026-11-19T08:00:00Z", "Payment to Foundry Nine", "Cancelled", -1200),
    ];
    rows.map(entry).into_iter().chain([sale()]).collect()
}

fn entry(row: TransactionRow) -> ActivityRow {
    let refund = row.description.starts_with("Refund");
    ActivityRow {
        row,
        bought: Some("Now and Forever, an album".to_owned()),
        fees: None,
        payment: refund.then(|| ("T0".to_owned(), time("2026-11-19T08:00:00Z"))),
    }
}

fn sale() -> ActivityRow {
    let cents = |name: &str, cents: i32| (name.to_owned(), Money::from_cents(cents));
    ActivityRow {
        fees: Some(FeeBreakdown {
            title: "Fees taken from your share".to_owned(),
            lines: vec![cents("Marketplace fee", -15), cents("Amazon Payments fee", -10)],
            total: cents("Left for you", 74),
        }),
        ..entry(row("2026-11-19T08:00:00Z", "Payment from Jane", "Success", 99))
    }
}

fn form(values: &[(&str, &str)], errors: &[(&str, &str)]) -> FormState {
    let mut form = FormState::default();
    for (name, value) in values {
        form.set(name, *value);
    }
    for (name, message) in errors {
        form.refuse(name, *message);
    }
    form
}

/// In the middle of a long list.
fn between() -> Paging {
    Paging { newer: Some("newer=1-T".to_owned()), older: Some("older=0-T".to_owned()) }
}

fn activity() -> Vec<(&'static str, String)> {
    let page = |filter: FormState, query: &str, activity: Vec<ActivityRow>, pages: u32| {
        let data = AccountPage {
            balance: Money::from_cents(49_901),
            held: Money::from_cents(if activity.is_empty() { 0 } else { 2450 }),
            filter,
            query: query.to_owned(),
            total: u32::try_from(activity.len()).ok().filter(|_| pages == 1),
            activity,
            paging: if pages > 1 { between() } else { Paging::default() },
        };
        site::account(&at("/account"), &data)
    };
    let told = Chrome {
        notice: Some("The payment is cancelled. Nothing was charged.".to_owned()),
        ..at("/account")
    };
    let wrong =
        form(&[("from", "2026-11-30"), ("to", "2026-11-01")], &[("to", "The last day is before the first.")]);
    let empty = AccountPage {
        balance: Money::ZERO,
        held: Money::ZERO,
        filter: FormState::default(),
        query: String::new(),
        activity: Vec::new(),
        total: Some(0),
        paging: Paging::default(),
    };
    vec![
        ("account", page(FormState::default(), "", rows(), 5)),
        (
            "account-filtered",
            page(
                form(&[("status", "Success"), ("from", "2026-11-01")], &[]),
                "status=Success&from=2026-11-01",
                rows(),
                1,
            ),
        ),
        ("account-filtered-nothing", page(form(&[("kind", "Refund")], &[]), "kind=Refund", Vec::new(), 1)),
        ("account-filter-refused", page(wrong, "from=2026-11-30&to=2026-11-01", Vec::new(), 1)),
        ("account-empty", site::account(&told, &empty)),
        ("create-account", site::create_account(&Chrome::default(), &CreateAccountPage::default())),
    ]
}

fn mail() -> Vec<(&'static str, String)> {
    let row = |at: &str, subject: &str, unread: bool| MailRow {
        id: "1764277200000000-t12".to_owned(),
        at: time(at),
        subject: subject.to_owned(),
        unread,
    };
    let full = MailPage {
        mails: vec![
            row("2026-11-23T21:04:10Z", "Payment received: Now and Forever, $0.99", true),
            row(
                "2026-11-22T09:30:00Z",
                "A purchase has been authorized: Harbour Lights: Session Masters, $12.00",
                true,
            ),
            row(
                "2026-11-20T18:00:00Z",
                "Refund requested: Rindfleischetikettierungsüberwachung, $1,234.49",
                false,
            ),
            row("2026-11-19T08:00:00Z", "DigitalDownload can collect payments for you", false),
        ],
        paging: between(),
        unread_up_to: Some("1764277200000000-t12".to_owned()),
    };
    let letter = Letter {
        id: "1764277200000000-t12".to_owned(),
        at: time("2026-11-23T21:04:10Z"),
        subject: "Payment received: Now and Forever, $0.99".to_owned(),
        to: ("Right Here Records".to_owned(), "merchant@example.com".to_owned()),
        paragraphs: vec![
            "John Doe paid you $0.99 for Now and Forever, through DigitalDownload.".to_owned(),
            "By now $0.50 of it was given back.".to_owned(),
        ],
        quoted: Some("For the scratch.".to_owned()),
        facts: [("Marketplace fee", "−$0.05"), ("Amazon Payments fee", "−$0.06"), ("Left for you", "$0.88")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        link: LetterLink {
            label: "See the payment",
            path: "/account/transactions/T1".to_owned(),
            address: "http://127.0.0.1:3001/account/transactions/T1".to_owned(),
        },
    };
    let many = Chrome { unread: 100, ..at("/account/mail") };
    vec![
        ("mail", site::mail(&at("/account/mail"), &full)),
        ("mail-empty", site::mail(&many, &MailPage::default())),
        ("mail-letter", site::letter(&at("/account/mail/1764277200000000-t12"), &letter)),
    ]
}

fn transaction(row: TransactionRow, action: TransactionAction, form: FormState) -> TransactionPage {
    let entry = |at: &str, status: &str| HistoryEntry {
        at: time(at),
        status: status.to_owned(),
        amount: Some(Money::from_cents(2450)),
    };
    TransactionPage {
        row,
        sender: "You".to_owned(),
        recipient: "Brandt Prints".to_owned(),
        caller: "DigitalDownload".to_owned(),
        ahead: None,
        instrument: Some("Visa ending in 1111".to_owned()),
        fees: None,
        refunded: None,
        reason: Some("Harbour at Dusk, A3 print".to_owned()),
        caller_reference: Some("0193587a-3f0e-7c51-9f5c-1d2f7a9c0b11".to_owned()),
        history: vec![entry("2026-11-22T09:30:00Z", "Reserved"), entry("2026-11-23T10:02:00Z", "Success")],
        related: Vec::new(),
        action,
        form,
    }
}

fn transactions() -> Vec<(&'static str, String)> {
    let show = |data: &TransactionPage| site::transaction(&at("/account/transactions/1"), data);
    let sent = |status| row("2026-11-22T09:30:00Z", "Payment to Brandt Prints", status, -2450);
    let left = Money::from_cents(2450);
    let reserved = TransactionPage {
        ahead: Some("Held, not charged yet. If the shop does not charge it by 29 Nov 2026, 09:30 UTC, it is cancelled.".to_owned()),
        ..transaction(sent("Reserved"), TransactionAction::Cancel, FormState::default())
    };
    let ask = transaction(sent("Success"), TransactionAction::AskForRefund { left }, FormState::default());
    let wrong = form(
        &[("amount", "99"), ("reason", "")],
        &[
            ("amount", "That is more than is left of the payment: $24.50."),
            ("reason", "Say what was wrong: the shop decides by it."),
        ],
    );
    let ask_refused = TransactionPage { form: wrong, ..ask.clone() };
    let reason = "The print came creased.\nMay I send it back?".to_owned();
    let asked = TransactionAction::Asked { amount: left, reason, at: time("2026-11-24T08:00:00Z") };
    let sale = TransactionPage {
        sender: "John Doe".to_owned(),
        recipient: "You".to_owned(),
        instrument: None,
        fees: Some(FeeBreakdown {
            title: "Fees taken from your share".to_owned(),
            lines: vec![
                ("Marketplace fee".to_owned(), Money::from_cents(-250)),
                ("Amazon Payments fee".to_owned(), Money::from_cents(-101)),
            ],
            total: ("Left for you".to_owned(), Money::from_cents(2099)),
        }),
        refunded: Some(Money::from_cents(450)),
        related: vec![row("2026-11-23T12:00:00Z", "Refund to John Doe", "Success", -450)],
        ..transaction(
            row("2026-11-22T09:30:00Z", "Payment from John Doe", "Success", 2450),
            TransactionAction::Refund { left: Money::from_cents(2000), reference: "txnDtls1".to_owned() },
            FormState::default(),
        )
    };
    let refund = TransactionPage {
        sender: "You".to_owned(),
        recipient: "John Doe".to_owned(),
        instrument: None,
        fees: Some(FeeBreakdown {
            title: "Fees that come back to you".to_owned(),
            lines: vec![("Amazon Payments fee".to_owned(), Money::from_cents(18))],
            total: ("From your balance".to_owned(), Money::from_cents(-432)),
        }),
        related: vec![row("2026-11-22T09:30:00Z", "Payment from John Doe", "Success", 2450)],
        ..transaction(
            row("2026-11-23T12:00:00Z", "Refund to John Doe", "Success", -450),
            TransactionAction::Nothing,
            FormState::default(),
        )
    };
    let fee = TransactionPage {
        sender: "Brandt Prints".to_owned(),
        recipient: "You".to_owned(),
        instrument: None,
        history: vec![HistoryEntry {
            at: time("2026-11-23T10:02:00Z"),
            status: "Success".to_owned(),
            amount: None,
        }],
        related: vec![TransactionRow {
            between_others: true,
            ..row("2026-11-22T09:30:00Z", "Payment from John Doe to Brandt Prints", "Success", 2450)
        }],
        ..transaction(
            row("2026-11-22T09:30:00Z", "Marketplace fee from Brandt Prints", "Success", 250),
            TransactionAction::Nothing,
            FormState::default(),
        )
    };
    vec![
        ("transaction-refund", show(&refund)),
        ("transaction-fee", show(&fee)),
        ("transaction-reserved", show(&reserved)),
        ("transaction-ask", show(&ask)),
        ("transaction-ask-refused", show(&ask_refused)),
        ("transaction-asked", show(&transaction(sent("Success"), asked, FormState::default()))),
        (
            "transaction-elsewhere",
            show(&transaction(sent("Success"), TransactionAction::AskElsewhere, FormState::default())),
        ),
        ("transaction-sale", show(&sale)),
    ]
}

fn token(kind: &str, state: &str) -> TokenCard {
    TokenCard {
        id: format!("{:T<64}", kind.to_uppercase().replace(' ', "")),
        caller: "DigitalDownload".to_owned(),
        kind: kind.to_owned(),
        state: state.to_owned(),
        reason: Some("Now and Forever".to_owned()),
        made: time("2026-11-22T09:30:00Z"),
        expires: Some(time("2027-11-22T09:30:00Z")),
        terms: vec!["At most $10.00 each time".to_owned(), "Paid from Visa ending in 1111".to_owned()],
        limits: Vec::new(),
        cancel: Some("DigitalDownload cannot take payments by it any more.".to_owned()),
    }
}

fn instruments() -> InstrumentsPage {
    let card =
        |label: &str, note: Option<&str>, amount: Option<(&str, i32)>, removable: bool| InstrumentCard {
            id: label.to_owned(),
            label: label.to_owned(),
            note: note.map(str::to_owned),
            amount: amount.map(|(word, cents)| (word.to_owned(), Money::from_cents(cents))),
            unusable: note.is_some_and(|note| note.starts_with("Expired")),
            remove: removable.then(|| {
                "Authorizations that pay with it cannot take any more payments. What is paid stays paid."
                    .to_owned()
            }),
        };
    InstrumentsPage {
        instruments: vec![
            card("Account balance", None, Some(("Available", 49_901)), false),
            card("Visa ending in 1111", Some("Good until 08/2034"), None, true),
            card("Mastercard ending in 4444", Some("Expired in 08/2026"), None, true),
            card("Prepaid balance", Some("With DigitalDownload"), Some(("Available", 2_000)), false),
        ],
    }
}

fn money() -> Vec<(&'static str, String)> {
    let several = TokenCard {
        limits: vec![
            TokenLimit {
                used: "$40.00".to_owned(),
                limit: "$100.00".to_owned(),
                period: Some("in 1 month".to_owned()),
            },
            TokenLimit { used: "3".to_owned(), limit: "12 payments".to_owned(), period: None },
        ],
        ..token("Several payments", "Active")
    };
    let past = TokenCard { cancel: None, limits: Vec::new(), ..token("One payment", "Used") };
    let tokens = TokensPage {
        active: vec![several, token("A payment every month", "Active")],
        past: vec![past],
        paging: between(),
    };
    let line = |at: &str, description: &str, cents: i32, balance: i32| StatementLine {
        at: time(at),
        description: description.to_owned(),
        transaction_id: (cents < 0).then(|| "T".to_owned()),
        amount: Money::from_cents(cents),
        balance: Money::from_cents(balance),
    };
    let transfer = |reference: &str, form| TransferForm { reference: reference.to_owned(), form };
    let balance = BalancePage {
        balance: Money::from_cents(49_901),
        held: Money::ZERO,
        banks: vec![("i3".to_owned(), "Bank account ending in 6789".to_owned())],
        deposit: transfer("r1", FormState::default()),
        withdraw: transfer("r2", FormState::default()),
        statement: vec![
            line("2026-11-23T21:04:10Z", "Payment to Evergreen Records", -99, 49_901),
            line("2026-11-01T10:00:00Z", "Deposit from your bank account", 50_000, 50_000),
        ],
        paging: Paging { newer: None, ..between() },
    };
    let refused = BalancePage {
        withdraw: transfer(
            "r2",
            form(
                &[("withdraw_amount", "900"), ("withdraw_bank", "i3")],
                &[("withdraw_amount", "That is more than your balance has free.")],
            ),
        ),
        ..balance.clone()
    };
    let new_card = NewInstrumentPage {
        kind: NewInstrument::Card,
        form: form(&[], &[("card_number", "This is not the number of a card: check each digit.")]),
        show_test_numbers: true,
    };
    let none = BalancePage {
        banks: Vec::new(),
        statement: Vec::new(),
        paging: Paging::default(),
        ..balance.clone()
    };
    vec![
        ("instruments", site::instruments(&at("/account/instruments"), &instruments())),
        ("instrument-new", site::new_instrument(&at("/account/instruments"), &new_card)),
        ("tokens", site::tokens(&at("/account/tokens"), &tokens)),
        ("tokens-none", site::tokens(&at("/account/tokens"), &TokensPage::default())),
        ("balance", site::balance(&at("/account/balance"), &balance)),
        ("balance-refused", site::balance(&at("/account/balance"), &refused)),
        ("balance-none", site::balance(&at("/account/balance"), &none)),
    ]
}

fn security(form: FormState) -> SecurityPage {
    let session = |browser: &str, used_at: &str, this_one| SessionEntry {
        handle: "h4ndle".to_owned(),
        browser: browser.to_owned(),
        address: "203.0.113.77".to_owned(),
        begun_at: time("2026-11-20T10:00:00Z"),
        used_at: time(used_at),
        this_one,
    };
    SecurityPage {
        email: "john@example.com".to_owned(),
        form,
        sessions: vec![
            session("Firefox on Linux", "2026-11-23T21:04:10Z", true),
            session("Safari on an iPhone", "2026-11-21T08:14:00Z", false),
        ],
    }
}

fn settings() -> Vec<(&'static str, String)> {
    let profile = |status: &str, business| ProfilePage {
        form: form(&[("name", "John Doe"), ("business_name", "Evergreen Records")], &[]),
        email: "john@example.com".to_owned(),
        business,
        email_verified: status == "Active",
        status: status.to_owned(),
        since: time("2026-01-02T10:00:00Z"),
        lab: true,
    };
    let notification = |state: &str, outcomes: &[&str]| NotificationCard {
        kind: "TransactionStatus".to_owned(),
        subject_id: "14GKI1SKSR1V6DO1RCCB32RBR6KLODMGQUD".to_owned(),
        url: "http://localhost:3000/payments/ipn".to_owned(),
        state: state.to_owned(),
        at: time("2026-11-23T21:04:10Z"),
        attempts: outcomes
            .iter()
            .map(|outcome| (time("2026-11-23T21:04:11Z"), (*outcome).to_owned()))
            .collect(),
    };
    let caller = DeveloperCaller {
        access_key: "DDCALLER000000000001".to_owned(),
        display_name: "DigitalDownload".to_owned(),
        secret: None,
        sites: vec![
            CallerSite { url: "http://localhost:3000/".to_owned(), any_loopback: false },
            CallerSite { url: "http://localhost/".to_owned(), any_loopback: true },
        ],
        settings: form(
            &[
                ("display_name", "DigitalDownload"),
                ("ipn_url", "http://localhost:3000/payments/ipn"),
                ("marketplace", "on"),
            ],
            &[("cobranding_url", "The address must begin with https://.")],
        ),
        site_form: FormState::default(),
        fees_earned: Money::from_cents(12_345),
        merchants: vec![MerchantTerms {
            name: "Evergreen Records".to_owned(),
            max_fixed_fee: Some(Money::from_cents(5)),
            max_variable_fee: Percent::parse("10").ok(),
        }],
        notifications: vec![
            notification("Pending", &["cannot connect", "503: the receiver did not answer 2xx"]),
            notification("Delivered", &["200"]),
        ],
        from_configuration: true,
    };
    let revealed =
        DeveloperCaller { secret: Some("digitaldownload-demo-secret".to_owned()), ..caller.clone() };
    let part = |part: DeveloperPart, caller| {
        let address = "http://127.0.0.1:3001/".to_owned();
        site::developer(
            &at(part.path()),
            &DeveloperPage { part, address, caller, form: FormState::default() },
        )
    };
    let developer = |caller| part(DeveloperPart::Keys, caller);
    vec![
        ("profile", site::profile(&at("/account/profile"), &profile("Active", false))),
        ("profile-suspended", site::profile(&at("/account/profile"), &profile("Suspended", true))),
        ("security", site::security(&at("/account/security"), &security(form(&[], &[])))),
        (
            "security-refused",
            site::security(
                &at("/account/security"),
                &security(form(&[], &[("current_password", "This is not your password.")])),
            ),
        ),
        ("developer-settings", part(DeveloperPart::Settings, Some(caller.clone()))),
        ("developer-sites", part(DeveloperPart::Sites, Some(caller.clone()))),
        ("developer-notifications", part(DeveloperPart::Notifications, Some(caller.clone()))),
        ("developer-calling", part(DeveloperPart::Calling, Some(caller.clone()))),
        ("developer", developer(Some(caller))),
        ("developer-secret", developer(Some(revealed))),
        ("developer-none", developer(None)),
    ]
}
