//! From events to arrows.

use super::books::{Books, dollars, is_refund, net, shown};
use super::order::Told;
use super::{Seen, Subject, lane, links, words};
use jiff::Timestamp;
use lab_pages::model::{Arrow, ArrowKind, Call, Step};
use platform::lab::{Change, What};

/// Silence that is worth a word.
const SILENCE: i64 = 60;

pub struct Teller<'a> {
    books: Books<'a>,
    subject: Subject<'a>,
    /// What the caller is called in sentences.
    caller: &'static str,
    steps: Vec<Step>,
    calls: Vec<Call>,
    /// When the last arrow was, and how many the event at hand has already.
    last: Option<Timestamp>,
    current: (u64, usize),
    /// Whether somebody moved the clock since.
    moved: bool,
}

/// What an arrow is, before it has its id and its time.
struct Draft {
    from: usize,
    to: usize,
    kind: ArrowKind,
    label: String,
    amount: Option<String>,
    is_lost: bool,
    href: Option<String>,
}

fn arrow(from: usize, to: usize, kind: ArrowKind, label: impl Into<String>) -> Draft {
    Draft { from, to, kind, label: label.into(), amount: None, is_lost: false, href: None }
}

fn note(lane: usize, kind: ArrowKind, label: impl Into<String>) -> Draft {
    arrow(lane, lane, kind, label)
}

impl Draft {
    fn of(mut self, amount: Option<String>) -> Self {
        self.amount = amount;
        self
    }

    fn lost(mut self, is_lost: bool) -> Self {
        self.is_lost = is_lost;
        if is_lost {
            self.kind = ArrowKind::Failure;
        }
        self
    }

    fn at(mut self, href: String) -> Self {
        self.href = Some(href);
        self
    }
}

impl<'a> Teller<'a> {
    pub fn new(books: Books<'a>, own: &[Seen<'a>], by_shop: bool, subject: Subject<'a>) -> Self {
        Self {
            books,
            subject,
            caller: if by_shop { "Shop" } else { "Program" },
            steps: Vec::with_capacity(own.len() * 2),
            calls: Vec::new(),
            last: None,
            current: (0, 0),
            moved: false,
        }
    }

    pub fn finish(self) -> (Vec<Step>, Vec<Call>) {
        (self.steps, self.calls)
    }

    pub fn tell(&mut self, told: Told<'a>) {
        match told {
            Told::Called { asked, answered } => self.called(asked, answered),
            Told::Answered { asked, answered } => self.answered(asked, answered),
            Told::Notified { sent, received } => self.notified(sent, received),
            Told::Happened(seen) => match &seen.event.what {
                What::Written { by, changes } => self.written(seen, by, changes),
                _ => self.happened(seen),
            },
        }
    }

    fn draw(&mut self, seen: Seen<'a>, draft: Draft) -> String {
        let at = seen.event.at;
        if let Some(last) = self.last {
            let seconds = at.duration_since(last).as_secs();
            if seconds >= SILENCE {
                let by_hand = std::mem::take(&mut self.moved);
                let how = if by_hand { ": the clock was moved" } else { "" };
                self.steps.push(Step::Gap { words: format!("{}{how}", words::later(seconds)), by_hand });
            }
        }
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
        self.current = if self.current.0 == seen.id { (seen.id, self.current.1 + 1) } else { (seen.id, 0) };
        // A call's two ends are drawn apart from each other, and may both be the same event.
        let end = if draft.kind == ArrowKind::Call { "c" } else { "" };
        let id = format!("e{}-{}{end}", seen.id, self.current.1);
        self.steps.push(Step::Arrow(Arrow {
            id: id.clone(),
            at,
            from: draft.from,
            to: draft.to,
            label: draft.label,
            amount: draft.amount,
            kind: draft.kind,
            is_lost: draft.is_lost,
            href: draft.href.unwrap_or_else(|| links::event(&seen, self.subject)),
        }));
        id
    }

    /// A call sets out. One that never arrived has no answer of Amazon's.
    fn called(&mut self, asked: Option<Seen<'a>>, answered: Option<Seen<'a>>) {
        let Some(seen) = answered.or(asked) else { return };
        let (mut amount, mut read) = (None, Vec::new());
        let action = match (answered.map(|seen| &seen.event.what), asked.map(|seen| &seen.event.what)) {
            (Some(What::Request { action, query, body, .. }), _) => {
                read = parameters(query, body);
                amount = words::amount(&read);
                action.clone()
            }
            (_, Some(What::Asked { action, .. })) => action.clone(),
            _ => return,
        };
        let why = match asked.map(|seen| &seen.event.what) {
            Some(What::Asked { asked, .. }) if *asked != action && amount.is_none() => format!(" ({asked})"),
            _ => String::new(),
        };
        let named = if action.is_empty() { "something unknown" } else { &action };
        let label = format!("{} asks Amazon: {named}{why}", self.caller);
        let draft = arrow(lane::CALLER, lane::AMAZON, ArrowKind::Call, label).of(amount);
        let id = self.draw(seen, draft.lost(answered.is_none()));
        if answered.is_none() {
            self.draw(
                seen,
                note(lane::CALLER, ArrowKind::Failure, "No answer: whether it was done is not known here"),
            );
        }
        if let Some(What::Request { method, host, path, code, .. }) = answered.map(|seen| &seen.event.what) {
            let base = self.books.context.payments.trim_end_matches('/');
            let base = if base.is_empty() { format!("http://{host}") } else { base.to_owned() };
            self.calls.push(Call {
                id,
                action: named.to_owned(),
                method: method.clone(),
                url: format!("{base}{path}"),
                parameters: read.into_iter().filter(|(name, _)| !is_made_by_signing(name)).collect(),
                code: code.clone(),
            });
        }
    }

    fn answered(&mut self, asked: Option<Seen<'a>>, answered: Seen<'a>) {
        let What::Request { action, code, answer, .. } = &answered.event.what else { return };
        let heard = asked.and_then(|seen| match &seen.event.what {
            What::Asked { outcome, .. } => Some(outcome.as_str()),
            _ => None,
        });
        let is_lost = answer.is_empty() || heard.is_some_and(|heard| heard == "No answer");
        let outcome = heard.filter(|_| !is_lost).unwrap_or(code);
        let refused =
            code != "Success" || !(words::is_good(outcome) || outcome == code || !moves_money(action));
        let kind = if refused { ArrowKind::Failure } else { ArrowKind::Answer };
        let verb = if code == "Success" { "answers" } else { "refuses" };
        let draft = arrow(lane::AMAZON, lane::CALLER, kind, format!("Amazon {verb}: {outcome}"));
        self.draw(answered, draft.lost(is_lost));
        if is_lost {
            let words = format!(
                "The answer was lost: the {} must ask again, with the same reference",
                self.caller.to_lowercase()
            );
            self.draw(answered, note(lane::CALLER, ArrowKind::Failure, words));
        }
    }

    /// A notification on its way. What was received without a sending that is known came twice, or from somebody else.
    fn notified(&mut self, sent: Option<Seen<'a>>, received: Option<Seen<'a>>) {
        let follows = sent.and_then(|seen| self.sent(seen));
        if let Some(seen) = received {
            self.received(seen, sent.is_some());
        }
        if let (Some(seen), Some(words)) = (sent, follows) {
            self.draw(seen, note(lane::AMAZON, ArrowKind::Failure, words));
        }
    }

    /// What is to be said after it has arrived, or not.
    fn sent(&mut self, seen: Seen<'a>) -> Option<String> {
        let What::Attempt { summary, number, http_status, error, then, notification_type, .. } =
            &seen.event.what
        else {
            return None;
        };
        let again =
            if *number > 1 { format!(" again, the {} time", words::ordinal(*number)) } else { String::new() };
        let subject = if summary.is_empty() { notification_type } else { summary };
        let arrives = error.is_none() || http_status.is_some() || then == "delivered";
        let label = format!("Amazon notifies{again}: {subject}");
        self.draw(seen, arrow(lane::AMAZON, lane::CALLER, ArrowKind::Notification, label).lost(!arrives));
        error.as_ref().map(|error| {
            let what = match then.as_str() {
                "pending" => "Amazon will try again",
                "delivered" => "it arrived all the same",
                _ => "Amazon gives up",
            };
            let status = http_status.map(|status| format!(" ({status})")).unwrap_or_default();
            format!("{error}{status}; {what}")
        })
    }

    fn received(&mut self, seen: Seen<'a>, is_drawn: bool) {
        let What::Received { summary, genuine, outcome } = &seen.event.what else { return };
        if !is_drawn {
            let label = format!("A notification arrives: {summary}");
            self.draw(seen, arrow(lane::AMAZON, lane::CALLER, ArrowKind::Notification, label));
        }
        if !genuine {
            self.draw(seen, note(lane::CALLER, ArrowKind::Failure, format!("Refused: {outcome}")));
        } else if outcome != "taken" {
            self.draw(seen, note(lane::CALLER, ArrowKind::State, format!("Signature fits; {outcome}")));
        }
    }

    /// A commit: what became of transactions and tokens, then the money. What follows from them by itself is not drawn.
    fn written(&mut self, seen: Seen<'a>, by: &'a str, changes: &'a [Change]) {
        for change in changes {
            match change {
                Change::Transaction { operation, status, amount, is_new, is_fee, .. } => {
                    let kind = if status == "Failure" { ArrowKind::Failure } else { ArrowKind::State };
                    let words = if *is_fee {
                        format!("The marketplace's fee: {status}")
                    } else {
                        words::transaction(operation, status, *is_new, by)
                    };
                    self.draw(seen, note(lane::AMAZON, kind, words).of(Some(dollars(amount))));
                }
                Change::TokenIssued { token_type, .. } => {
                    let words = format!("The permission is written down: a {token_type} token");
                    self.draw(seen, note(lane::AMAZON, ArrowKind::State, words));
                }
                Change::TokenCancelled { .. } => {
                    let words = format!("{} takes the permission back", words::doer(by));
                    self.draw(seen, note(lane::AMAZON, ArrowKind::State, words));
                }
                _ => {}
            }
        }
        for change in changes {
            let (words, account, amount) = match change {
                Change::Held { account, amount } => ("Amazon holds money of", account, amount),
                Change::Captured { account, amount } => ("What was held is taken from", account, amount),
                Change::Released { account, amount } => ("What was held is free again for", account, amount),
                _ => continue,
            };
            let words = format!("{words} {}", self.books.name(account));
            self.draw(seen, note(lane::AMAZON, ArrowKind::State, words).of(Some(dollars(amount))));
        }
        self.posted(seen, changes);
    }

    /// Who pays first, then who is paid, each an arrow to or from Amazon.
    fn posted(&mut self, seen: Seen<'a>, changes: &'a [Change]) {
        let back = is_refund(changes);
        let transaction = changes.iter().find_map(|change| match change {
            Change::Transaction { id, .. } => Some(links::transaction(id)),
            _ => None,
        });
        let href =
            transaction.or_else(|| seen.event.about.transactions.first().map(|id| links::transaction(id)));
        let mut lines: Vec<_> = net(changes).into_iter().collect();
        lines.sort_by_key(|(account, amount)| {
            (!amount.is_negative(), self.books.lane(account) == Some(lane::AMAZON))
        });
        for (account, amount) in lines {
            let Some(of) = self.books.lane(&account) else { continue };
            let Ok(size) = (if amount.is_negative() { amount.neg() } else { Ok(amount) }) else { continue };
            let name = self.books.name(&account);
            let draft = match (of, amount.is_negative()) {
                (lane::AMAZON, false) => {
                    note(of, ArrowKind::Posting, format!("Amazon keeps: {}", self.books.account(&account)))
                }
                (lane::AMAZON, true) => note(
                    of,
                    ArrowKind::Posting,
                    format!("Amazon gives back: {}", self.books.account(&account)),
                ),
                (of, true) if back => {
                    arrow(of, lane::AMAZON, ArrowKind::Posting, format!("{name} gives back"))
                }
                (of, true) => arrow(of, lane::AMAZON, ArrowKind::Posting, format!("{name} pays")),
                (of, false) if back => {
                    arrow(lane::AMAZON, of, ArrowKind::Posting, format!("{name} gets back"))
                }
                (of, false) => arrow(lane::AMAZON, of, ArrowKind::Posting, format!("{name} gets")),
            };
            let draft = draft.of(Some(shown(size)));
            let draft = match &href {
                Some(href) => draft.at(href.clone()),
                None => draft.at(links::account(&account)),
            };
            self.draw(seen, draft);
        }
    }

    fn happened(&mut self, seen: Seen<'a>) {
        let caller = self.caller;
        let (buyer, amazon, shop) = (lane::BUYER, lane::AMAZON, lane::CALLER);
        let draft = match &seen.event.what {
            What::Order { before, after, by, amount, title, .. } => {
                return self.ordered(seen, (before, after, by), amount.as_deref(), title);
            }
            What::SentToPay { .. } => arrow(
                shop,
                buyer,
                ArrowKind::Redirect,
                format!("{caller} sends the browser to Amazon, with signed parameters"),
            ),
            What::AuthorizationOpened { pipeline, .. } => arrow(
                buyer,
                amazon,
                ArrowKind::Redirect,
                format!("Browser opens Amazon's page; the signature fits ({pipeline})"),
            ),
            What::AuthorizationEnded { status, .. } => {
                let words =
                    format!("Amazon sends the browser back, signed: {status}, {}", words::returned(status));
                let kind = if words::agreed(status) { ArrowKind::Redirect } else { ArrowKind::Failure };
                arrow(amazon, buyer, kind, words)
            }
            What::Returned { status, genuine: true, .. } => {
                arrow(buyer, shop, ArrowKind::Redirect, format!("Browser brings the signed return: {status}"))
            }
            What::Returned { status, genuine: false, .. } => arrow(
                buyer,
                shop,
                ArrowKind::Failure,
                format!("Browser brings a return that Amazon did not sign: {status}. Refused"),
            ),
            What::Clock { now, frozen, speed, .. } => {
                self.moved = true;
                let words = match (*frozen, *speed) {
                    (true, _) => "The clock is stopped".to_owned(),
                    (false, 0 | 1) => format!("The clock is set to {}", now.strftime("%-d %b %Y, %H:%M UTC")),
                    (false, speed) => format!("The clock runs {speed} times as fast"),
                };
                note(amazon, ArrowKind::Clock, words)
            }
            What::Fault { words, .. } => note(amazon, ArrowKind::Fault, format!("Made to go wrong: {words}")),
            What::Deed { deed, outcome, .. } => {
                note(amazon, ArrowKind::State, format!("By hand: {deed}. {outcome}"))
            }
            _ => return,
        };
        self.draw(seen, draft);
    }

    fn ordered(
        &mut self,
        seen: Seen<'a>,
        (before, after, by): (&str, &str, &str),
        amount: Option<&str>,
        title: &str,
    ) {
        let amount = amount.map(dollars);
        if before.is_empty() {
            let words = format!("Buyer presses the button: {title}");
            self.draw(seen, arrow(lane::BUYER, lane::CALLER, ArrowKind::Press, words).of(amount));
            return;
        }
        let press = match words::deed(by) {
            words::Deed::Buyer(words) => Some((lane::BUYER, words)),
            words::Deed::Merchant(words) => Some((lane::MERCHANT, words)),
            words::Deed::News => None,
        };
        if let Some((who, words)) = press {
            self.draw(seen, arrow(who, lane::CALLER, ArrowKind::Press, words));
        }
        if before != after {
            let failed = after.ends_with("Failed") || after == "Abandoned";
            let kind = if failed { ArrowKind::Failure } else { ArrowKind::State };
            self.draw(seen, note(lane::CALLER, kind, format!("Order: {}", words::spaced(after))));
        }
    }
}

/// As they were sent, decoded.
fn parameters(query: &str, body: &str) -> Vec<(String, String)> {
    let all = [query, body].into_iter().flat_map(|part| form_urlencoded::parse(part.as_bytes()));
    all.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn is_made_by_signing(name: &str) -> bool {
    matches!(name, "Signature" | "Timestamp") || name.to_ascii_lowercase().contains("secret")
}

fn moves_money(action: &str) -> bool {
    matches!(
        action,
        "Pay" | "Reserve" | "Settle" | "Refund" | "Cancel" | "FundPrepaid" | "SettleDebt" | "WriteOffDebt"
    )
}
