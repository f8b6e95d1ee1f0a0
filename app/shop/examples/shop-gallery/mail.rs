//! Mailboxes, mail, and what its links lead to.

use super::goods::{at, guest, john};
use app::form::FormState;
use shop_pages::model::{
    ConfirmPage, ForgotPage, Letter, MailEntry, MailPage, MailReach, MailboxOf, MailboxPage, Paging, Part,
    ResetPage,
};
use shop_pages::pages;

fn mailbox(of: MailboxOf) -> MailboxPage {
    let entry = |id: &str, subject: &str, minutes, unread| MailEntry {
        id: id.to_owned(),
        subject: subject.to_owned(),
        at: at(minutes),
        unread,
    };
    let entries = vec![
        entry("3", "Fulfil by 5 Jan 2030, 12:00 UTC: The Cartographer's Apprentice", 240, true),
        entry("2", "Your receipt: Now and Forever", 30, true),
        entry("1", "Welcome to DigitalDownload", 0, false),
    ];
    let paging = Paging { newer: None, older: Some("older=1".to_owned()) };
    MailboxPage { of, entries, paging, sends: false }
}

fn receipt() -> MailPage {
    let facts = [
        ("Item", "Now and Forever"),
        ("Seller", "Right Here Records"),
        ("Price", "$0.99"),
        ("Order", "0190163d-8694-739b-aea5-966c26f8ad91"),
    ];
    let words =
        "Thank you for buying Now and Forever. $0.99 was paid, and what you bought is in your library.";
    let letter = Letter {
        subject: "Your receipt: Now and Forever".to_owned(),
        parts: vec![
            Part::Paragraph(words.to_owned()),
            Part::Quote("It stops in the middle.".to_owned()),
            Part::Facts(facts.map(|(term, words)| (term, words.to_owned())).into()),
            Part::Link { words: "Your order", url: "http://localhost:3000/orders/2".to_owned() },
        ],
    };
    MailPage {
        of: MailboxOf::Own,
        id: "2".to_owned(),
        to: "john@example.com".to_owned(),
        at: at(30),
        letter,
        sent: Some("It was sent by e-mail as well."),
    }
}

pub fn mail_pages() -> Vec<(&'static str, String)> {
    let forgot = |reach, written_to: Option<&str>| {
        let written_to = written_to.map(ToOwned::to_owned);
        let data = ForgotPage { form: FormState::default(), reach, written_to };
        pages::forgot_password(&guest("/password/forgot"), &data)
    };
    let reset = |token: Option<&str>| {
        let data = ResetPage { form: FormState::default(), token: token.map(ToOwned::to_owned) };
        pages::reset_password(&guest("/password/reset"), &data)
    };
    let of_jane = MailboxOf::Address("jane@example.com".to_owned());
    let token = Some("token".to_owned());
    vec![
        ("mailbox", pages::mailbox(&john("/mail"), &mailbox(MailboxOf::Own))),
        ("mailbox-in-the-lab", pages::mailbox(&guest("/mail"), &mailbox(of_jane))),
        ("mailbox-empty", pages::mailbox(&john("/mail"), &MailboxPage::default())),
        ("mail", pages::mail(&john("/mail/2"), &receipt())),
        ("password-forgot", forgot(MailReach::Lab, None)),
        ("password-forgot-written", forgot(MailReach::Lab, Some("john@example.com"))),
        ("password-forgot-off", forgot(MailReach::Nowhere, None)),
        ("password-reset", reset(Some("token"))),
        ("password-reset-over", reset(None)),
        ("sign-up-sent", pages::sign_up_sent(&guest("/sign-up/sent"))),
        ("sign-up-confirm", pages::confirm_sign_up(&guest("/sign-up/confirm"), &ConfirmPage { token })),
    ]
}
