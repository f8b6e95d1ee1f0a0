//! The account site's pages, and what each of them offers.

use crate::model::{
    AccountPage, ActivityRow, BalancePage, CallerSite, Chrome, CreateAccountPage, DeveloperCaller,
    DeveloperPage, DeveloperPart, FeeBreakdown, HistoryEntry, InstrumentCard, InstrumentsPage, Letter,
    LetterLink, MailPage, MailRow, MerchantTerms, NewInstrument, NewInstrumentPage, NotificationCard,
    Outcome, Paging, ProfilePage, StatementLine, TokenCard, TokenLimit, TokensPage, TransactionAction,
    TransactionPage, TransactionRow, TransferForm, Viewer,
};
use crate::pages::*;
use app::form::FormState;
use jiff::Timestamp;
use money::Money;

fn chrome(text: &str, path: &str) -> Chrome {
    let viewer = Viewer { name: text.to_owned(), email: text.to_owned() };
    Chrome {
        viewer: Some(viewer),
        path: path.to_owned(),
        notice: Some(text.to_owned()),
        unread: 3,
        lab: true,
    }
}

fn form(text: &str, fields: &[&str]) -> FormState {
    let mut form = FormState::default();
    for field in fields {
        form.set(field, text);
        form.refuse(field, text);
    }
    form
}

fn row(text: &str) -> TransactionRow {
    TransactionRow {
        id: "T1".to_owned(),
        at: Timestamp::UNIX_EPOCH,
        description: text.to_owned(),
        status: "Success".to_owned(),
        amount: Money::from_cents(99),
        between_others: false,
        outcome: Outcome::Moved,
    }
}

fn entry(text: &str) -> ActivityRow {
    ActivityRow {
        row: row(text),
        bought: Some(text.to_owned()),
        fees: details(text, TransactionAction::Nothing).fees,
        payment: Some(("T0".to_owned(), Timestamp::UNIX_EPOCH)),
    }
}

fn overview(activity: Vec<ActivityRow>) -> AccountPage {
    AccountPage {
        balance: Money::from_cents(50_000),
        held: Money::ZERO,
        filter: FormState::default(),
        query: String::new(),
        total: u32::try_from(activity.len()).ok(),
        activity,
        paging: Paging::default(),
    }
}

fn details(text: &str, action: TransactionAction) -> TransactionPage {
    TransactionPage {
        row: row(text),
        sender: text.to_owned(),
        recipient: text.to_owned(),
        caller: text.to_owned(),
        ahead: Some(text.to_owned()),
        instrument: Some(text.to_owned()),
        fees: Some(FeeBreakdown {
            title: text.to_owned(),
            lines: vec![(text.to_owned(), Money::from_cents(-1))],
            total: (text.to_owned(), Money::from_cents(98)),
        }),
        refunded: Some(Money::from_cents(1)),
        reason: Some(text.to_owned()),
        caller_reference: Some(text.to_owned()),
        history: vec![HistoryEntry {
            at: Timestamp::UNIX_EPOCH,
            status: text.to_owned(),
            amount: Some(Money::ZERO),
        }],
        related: vec![row(text)],
        action,
        form: FormState::default(),
    }
}

fn card(text: &str) -> TokenCard {
    TokenCard {
        id: "A1".to_owned(),
        caller: text.to_owned(),
        kind: text.to_owned(),
        state: text.to_owned(),
        reason: Some(text.to_owned()),
        made: Timestamp::UNIX_EPOCH,
        expires: Some(Timestamp::UNIX_EPOCH),
        terms: vec![text.to_owned()],
        limits: vec![TokenLimit {
            used: text.to_owned(),
            limit: text.to_owned(),
            period: Some(text.to_owned()),
        }],
        cancel: Some(text.to_owned()),
    }
}

fn caller(text: &str) -> DeveloperCaller {
    DeveloperCaller {
        access_key: "K1".to_owned(),
        display_name: text.to_owned(),
        secret: None,
        sites: vec![CallerSite { url: text.to_owned(), any_loopback: false }],
        settings: form(text, &["display_name", "ipn_url", "cobranding_url"]),
        site_form: form(text, &["site"]),
        fees_earned: Money::ZERO,
        merchants: vec![MerchantTerms { name: text.to_owned(), max_fixed_fee: None, max_variable_fee: None }],
        notifications: vec![NotificationCard {
            kind: text.to_owned(),
            subject_id: text.to_owned(),
            url: text.to_owned(),
            state: text.to_owned(),
            at: Timestamp::UNIX_EPOCH,
            attempts: vec![(Timestamp::UNIX_EPOCH, text.to_owned())],
        }],
        from_configuration: true,
    }
}

fn transfer_form(text: &str, fields: &[&str]) -> TransferForm {
    TransferForm { reference: text.to_owned(), form: form(text, fields) }
}

fn money_page(text: &str) -> BalancePage {
    BalancePage {
        balance: Money::ZERO,
        held: Money::ZERO,
        banks: vec![(text.to_owned(), text.to_owned())],
        deposit: transfer_form(text, &["deposit_amount", "deposit_bank"]),
        withdraw: transfer_form(text, &["withdraw_amount", "withdraw_bank"]),
        statement: vec![StatementLine {
            at: Timestamp::UNIX_EPOCH,
            description: text.to_owned(),
            transaction_id: Some("T1".to_owned()),
            amount: Money::ZERO,
            balance: Money::ZERO,
        }],
        paging: Paging { newer: Some("newer=1-T1".to_owned()), older: Some("older=0-T1".to_owned()) },
    }
}

fn profile_page(text: &str, lab: bool) -> ProfilePage {
    ProfilePage {
        form: form(text, &["name", "business_name"]),
        email: text.to_owned(),
        business: true,
        email_verified: false,
        status: "Suspended".to_owned(),
        since: Timestamp::UNIX_EPOCH,
        lab,
    }
}

/// Every page of the account site, with this text wherever a caller, another account or a form may put text.
pub fn pages_with(text: &str) -> Vec<String> {
    let left = Money::from_cents(99);
    let at = |path: &str| chrome(text, path);
    let reason = text.to_owned();
    let actions = [
        TransactionAction::Nothing,
        TransactionAction::Cancel,
        TransactionAction::Refund { left, reference: text.to_owned() },
        TransactionAction::AskForRefund { left },
        TransactionAction::Asked { amount: left, reason, at: Timestamp::UNIX_EPOCH },
        TransactionAction::AskElsewhere,
    ];
    let mut pages: Vec<String> =
        actions.into_iter().map(|action| transaction(&at("/account"), &details(text, action))).collect();
    let filtered = AccountPage { filter: form(text, &["from", "to"]), ..overview(vec![entry(text)]) };
    let tokens_page = TokensPage {
        active: vec![card(text)],
        past: vec![TokenCard { id: "A2".to_owned(), ..card(text) }],
        paging: Paging { newer: None, older: Some("older=0-T1".to_owned()) },
    };
    let revealed = DeveloperCaller { secret: Some(text.to_owned()), ..caller(text) };
    let developer_page =
        |caller| DeveloperPage { caller, form: form(text, &["display_name"]), ..DeveloperPage::default() };
    let new = CreateAccountPage { form: form(text, &["name", "email"]), next: text.to_owned() };
    let instrument = InstrumentCard {
        id: "I1".to_owned(),
        label: text.to_owned(),
        note: Some(text.to_owned()),
        amount: Some((text.to_owned(), left)),
        unusable: true,
        remove: Some(text.to_owned()),
    };
    let new_one = |kind| NewInstrumentPage {
        kind,
        form: form(text, &["card_number", "expiry", "routing_number", "account_number"]),
        show_test_numbers: true,
    };
    pages.extend([
        account(&at("/account"), &filtered),
        tokens(&at("/account/tokens"), &tokens_page),
        mail(&at("/account/mail"), &mailbox(text)),
        letter(&at("/account/mail/1-t1"), &a_letter(text)),
        balance(&at("/account/balance"), &money_page(text)),
        instruments(&at("/account/instruments"), &InstrumentsPage { instruments: vec![instrument] }),
        new_instrument(&at("/account/instruments"), &new_one(NewInstrument::Card)),
        new_instrument(&at("/account/instruments"), &new_one(NewInstrument::BankAccount)),
        profile(&at("/account/profile"), &profile_page(text, true)),
        developer(&at("/account/developer"), &developer_page(Some(caller(text)))),
        developer(&at("/account/developer"), &developer_page(Some(revealed))),
        developer(&at("/account/developer"), &developer_page(None)),
        create_account(&at("/account/create"), &new),
    ]);
    pages.extend(DeveloperPart::ALL.map(|part| {
        let page = DeveloperPage { part, address: text.to_owned(), ..developer_page(Some(caller(text))) };
        developer(&at(part.path()), &page)
    }));
    pages
}

fn mailbox(text: &str) -> MailPage {
    let mail = |id: &str, unread: bool| MailRow {
        id: id.to_owned(),
        at: Timestamp::UNIX_EPOCH,
        subject: text.to_owned(),
        unread,
    };
    MailPage {
        mails: vec![mail("2-m1", true), mail("1-t1", false)],
        paging: Paging::default(),
        unread_up_to: Some("2-m1".to_owned()),
    }
}

fn a_letter(text: &str) -> Letter {
    Letter {
        id: "1-t1".to_owned(),
        at: Timestamp::UNIX_EPOCH,
        subject: text.to_owned(),
        to: (text.to_owned(), text.to_owned()),
        paragraphs: vec![text.to_owned()],
        quoted: Some(text.to_owned()),
        facts: vec![(text.to_owned(), text.to_owned())],
        link: LetterLink {
            label: "See the payment",
            path: "/account/transactions/T1".to_owned(),
            address: "http://127.0.0.1:3001/account/transactions/T1".to_owned(),
        },
    }
}

#[test]
fn new_mail_is_said_in_words_and_the_number_beside_the_name_ends() {
    let html = mail(&chrome("John", "/account/mail"), &mailbox("Payment made"));
    assert_eq!(html.matches(">New<").count(), 1, "{html}");
    assert!(html.contains("href=\"/account/mail/2-m1\"") && html.contains("value=\"2-m1\""), "{html}");
    let counted = |unread: u32| {
        let html = mail(&Chrome { unread, ..chrome("John", "/account/mail") }, &MailPage::default());
        let shown = html.split("class=\"unread-count\">").nth(1);
        shown.map(|rest| rest.split('<').next().unwrap_or_default().trim().to_owned())
    };
    assert_eq!(counted(0), None);
    assert_eq!(counted(99).as_deref(), Some("99"));
    assert_eq!(counted(100).as_deref(), Some("99+"));
    let empty = mail(&chrome("John", "/account/mail"), &MailPage::default());
    assert!(empty.contains("No mail yet.") && !empty.contains("Mark all"), "{empty}");
}

#[test]
fn a_letter_is_the_same_in_plain_text() {
    let text = letter_text(&a_letter("Two\nlines"));
    assert!(text.contains("> Two\n> lines\n"), "{text}");
    assert!(text.ends_with("See the payment: http://127.0.0.1:3001/account/transactions/T1\n"), "{text}");
    let html = letter(&chrome("John", "/account/mail/1-t1"), &a_letter("words"));
    for part in
        ["href=\"/account/mail/1-t1/text\"", "href=\"/account/transactions/T1\"", "href=\"/account/mail\""]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn an_account_without_transactions_says_what_to_do() {
    let html = account(&chrome("John", "/account"), &overview(Vec::new()));
    assert!(html.contains("$500.00") && html.contains("Nothing here yet."));
    assert!(!html.contains("Held") && !html.contains("CSV"));
    let filtered = AccountPage { query: "kind=Refund".to_owned(), ..overview(Vec::new()) };
    let html = account(&chrome("John", "/account"), &filtered);
    assert!(html.contains("No transaction fits these filters."));
    assert!(html.contains("<details open class=\"filters\">"), "what filters is in sight: {html}");
}

#[test]
fn transactions_are_dated_signed_and_linked_and_the_filter_stays_on_other_pages() {
    let data = AccountPage {
        held: Money::from_cents(5),
        query: "status=Success".to_owned(),
        total: None,
        paging: Paging { newer: Some("newer=1-T1".to_owned()), older: Some("older=0-T1".to_owned()) },
        ..overview(vec![entry("Refund")])
    };
    let html = account(&chrome("John", "/account"), &data);
    assert!(html.contains(r#"href="/account/transactions/T1""#));
    assert!(html.contains(r#"<time datetime="1970-01-01T00:00:00Z">"#));
    assert!(html.contains(r#"+<span class="amount">$0.99"#));
    assert!(html.contains("Held"));
    for page in ["newer=1-T1", "older=0-T1"] {
        let address = format!("/account?status=Success&{page}#transactions");
        let escaped = address.replace('&', "&amp;");
        assert!(html.contains(&address) || html.contains(&escaped), "{html}");
    }
    assert!(html.contains(r#"href="/account?status=Success#transactions""#), "{html}");
    assert!(html.contains("/account/activity.csv?status=Success") && html.contains("Newest"));
}

#[test]
fn a_row_says_what_was_bought_and_its_parts_and_what_came_to_nothing_is_no_income() {
    let html = account(&chrome("John", "/account"), &overview(vec![entry("Now and Forever")]));
    assert!(
        html.contains("class=\"row-note row-parts\"") && html.contains("1 Jan 1970, 00:00 UTC"),
        "{html}"
    );
    assert!(html.contains("href=\"/account/transactions/T0\""), "{html}");
    let undone = TransactionRow {
        status: "Cancelled".to_owned(),
        amount: Money::from_cents(-99),
        outcome: Outcome::Undone,
        ..row("Payment")
    };
    let undone = ActivityRow { row: undone, fees: None, payment: None, ..entry("Payment") };
    let html = account(&chrome("John", "/account"), &overview(vec![undone]));
    assert!(html.contains("<s>") && html.contains("not charged") && html.contains(">$0.99"), "{html}");
    let row = &html[html.find("<tbody").unwrap()..html.find("</tbody").unwrap()];
    assert!(!row.contains('+') && !row.contains('−'), "neither income nor expense: {row}");
}

/// Whether what folds away on the page does not.
fn is_open(html: &str) -> bool {
    let (_, details) = html.split_once("<details").unwrap();
    let (attributes, _) = details.split_once('>').unwrap();
    attributes.split_whitespace().any(|attribute| attribute == "open" || attribute.starts_with("open="))
}

#[test]
fn used_authorizations_are_folded_away_until_one_turns_their_pages() {
    let folded = |paging| {
        let page = TokensPage { active: vec![card("a")], past: vec![card("b")], paging };
        tokens(&chrome("John", "/account/tokens"), &page)
    };
    let html = folded(Paging { newer: None, older: Some("older=0-T1".to_owned()) });
    assert!(html.contains("the latest 1") && !is_open(&html), "{html}");
    let levels: Vec<_> =
        html.match_indices("<h").filter_map(|(at, _)| html[at + 2..].chars().next()).collect();
    let levels: Vec<_> = levels.into_iter().filter(char::is_ascii_digit).collect();
    assert_eq!(levels, ['1', '2', '3', '2', '3'], "{html}");
    assert!(is_open(&folded(Paging { newer: Some("newer=1-T1".to_owned()), older: None })));
}

#[test]
fn a_transaction_offers_only_what_can_be_done() {
    let page = |action| transaction(&chrome("John", "/account"), &details("words", action));
    let left = Money::from_cents(99);
    assert!(!page(TransactionAction::Nothing).contains("/account/transactions/T1/"));
    let html = page(TransactionAction::Cancel);
    assert!(
        html.contains(r#"action="/account/transactions/T1/cancel""#) && html.contains("Nothing is charged")
    );
    let html = page(TransactionAction::Refund { left, reference: "txnDtls7".to_owned() });
    assert!(html.contains(r#"action="/account/transactions/T1/refund""#) && html.contains("txnDtls7"));
    assert!(html.contains(r#"value="0.99""#), "all that is left is proposed: {html}");
    let html = page(TransactionAction::AskForRefund { left });
    assert!(html.contains(r#"action="/account/transactions/T1/refund-request""#));
    assert!(!page(TransactionAction::AskElsewhere).contains("<textarea"));
}

#[test]
fn the_secret_and_the_tests_are_shown_only_where_they_may_be() {
    let page = |secret: Option<&str>| DeveloperPage {
        caller: Some(DeveloperCaller { secret: secret.map(str::to_owned), ..caller("words") }),
        ..DeveloperPage::default()
    };
    let at = chrome("John", "/account/developer");
    assert!(developer(&at, &page(None)).contains("Show the secret"));
    let html = developer(&at, &page(Some("the-secret")));
    assert!(html.contains("the-secret") && !html.contains("Show the secret"));
    assert!(profile(&at, &profile_page("words", true)).contains("Make the account active"));
    assert!(!profile(&at, &profile_page("words", false)).contains("/account/profile/lab"));
}
