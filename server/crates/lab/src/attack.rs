//! What a client in trouble does to a payment service, done on purpose: the same request many times at once, another one
//! under its name, one that was altered on the way, and a way back that is followed again and again.

use crate::doors::{ApiAnswer, DoorError};
use crate::scenarios::{AtShop, JOHN, MERCHANT, MERCHANTS_TOKEN, Stage};
use crate::state::Lab;
use fps_protocol::Parameters;
use fps_protocol::actions::Action;
use futures_util::future::{join_all, try_join_all};
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind as FieldKind, Method};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// As many connections as a site takes from one address leave room for others.
pub const MOST_CALLS: usize = 64;
/// In the order of [`Kind`].
pub const KINDS: &[&str] = &["same", "different", "flipped", "replayed-return"];
const AMOUNT: &str = "1.00";
/// What is altered on the way, one after the other.
const FLIPPED: [&str; 4] = ["TransactionAmount.Value", "CallerReference", "SenderTokenId", "Signature"];

pub const ATTACK: Deed = Deed {
    name: "attack",
    method: Method::Post,
    path: "/attack",
    summary: "Fires many requests at once and counts what became of the money",
    fields: &[
        Field::body(
            "kind",
            FieldKind::OneOf(KINDS),
            "the same Pay; a different one under the same CallerReference; one with a flipped byte; a return that is \
             followed again",
            "same",
        ),
        Field::body(
            "calls",
            FieldKind::Integer,
            "how many at once, 64 at the most and if nothing is said",
            "64",
        ),
    ],
    answer: r#"{"kind":"same","calls":64,"as_expected":true,"answers":[{"count":64,"status":200,"code":"Success","what":"…"}],"movements":1,"balances":[{"email":"john@example.com","before":"500.0000","after":"499.0000"}],"look":"…"}"#,
    commands: &[Command {
        words: &["attack"],
        summary: "Fires many requests at once and counts what became of the money",
        positional: &[],
        flags: &["kind", "calls"],
        fixed: &[],
    }],
    page: "/lab/attack",
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    kind: Kind,
    calls: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    #[default]
    Same,
    Different,
    Flipped,
    ReplayedReturn,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        KINDS[self as usize]
    }
}

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub kind: Kind,
    pub calls: usize,
    /// All is as it must be.
    pub as_expected: bool,
    pub answers: Vec<Counted>,
    /// Transactions that the books have more than before.
    pub movements: i64,
    pub balances: Vec<Balance>,
    /// The page of the lab that shows what happened.
    pub look: String,
}

/// Answers that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub count: usize,
    /// HTTP.
    pub status: u16,
    pub code: String,
    /// The transaction, or the order, that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Balance {
    pub email: String,
    pub before: String,
    pub after: String,
}

/// An answer without what is each one's own.
type Alike = (u16, String, Option<String>);

/// How the books stand.
struct Books {
    transactions: i64,
    balances: Vec<(&'static str, String)>,
}

pub async fn run(lab: &Lab, asked: Asked) -> Result<Report, DeedRefused> {
    let calls = asked.calls.unwrap_or(MOST_CALLS);
    if !(2..=MOST_CALLS).contains(&calls) {
        return Err(DeedRefused::BadRequest(format!(
            "calls is from 2 to {MOST_CALLS}, such as {MOST_CALLS}"
        )));
    }
    let stage = Stage::of(lab)?;
    let report = match asked.kind {
        Kind::ReplayedReturn => replay_return(&stage, calls).await,
        kind => fire(&stage, kind, calls).await,
    };
    Ok(report?)
}

async fn fire(stage: &Stage<'_>, kind: Kind, calls: usize) -> Result<Report, DoorError> {
    let reference = stage.reference("attack");
    let terms = json!({ "transactionAmount": AMOUNT, "recipientToken": MERCHANTS_TOKEN });
    let token = stage.token("SingleUse", JOHN, &reference, terms).await?;
    let caller = stage.caller();
    let payment = |number: usize| {
        let description =
            if kind == Kind::Different { format!("attempt {number}") } else { "attempt".to_owned() };
        let fields = [
            ("SenderTokenId", token.as_str()),
            ("RecipientTokenId", MERCHANTS_TOKEN),
            ("TransactionAmount.CurrencyCode", "USD"),
            ("TransactionAmount.Value", AMOUNT),
            ("CallerReference", &reference),
            ("CallerDescription", &description),
        ];
        caller.signed(Action::Pay, &fields)
    };
    let requests: Vec<Parameters> = match kind {
        Kind::Different => (1..=calls).map(payment).collect(),
        Kind::Flipped => {
            (0..calls).map(|number| flipped(payment(1), FLIPPED[number % FLIPPED.len()])).collect()
        }
        Kind::Same | Kind::ReplayedReturn => vec![payment(1); calls],
    };
    let before = Books::read(stage).await?;
    let answers = try_join_all(requests.iter().map(|request| caller.send(request))).await?;
    let after = Books::read(stage).await?;
    let alike = answers
        .into_iter()
        .map(|ApiAnswer { status, code, transaction_id, .. }| (status, code, transaction_id));
    let look = format!("/lab?order={reference}");
    Ok(Report::new(kind, counted(alike), (&before, &after), look))
}

/// The lowest bit of a parameter's first byte is another: text stays text.
fn flipped(mut request: Parameters, name: &str) -> Parameters {
    let value = request.get(name).unwrap_or_default();
    let mut characters = value.chars();
    let first = characters.next().and_then(|first| u8::try_from(first).ok()).map(|byte| char::from(byte ^ 1));
    let value: String = first.into_iter().chain(characters).collect();
    request.set(name, value);
    request
}

/// A song is bought; then the address that brought the buyer back is followed again.
async fn replay_return(stage: &Stage<'_>, calls: usize) -> Result<Report, DoorError> {
    let shop = stage.shop().ok_or_else(|| {
        DeedRefused::Conflict(
            "a return needs the shop, which runs elsewhere; start both with `serve`, or choose another kind"
                .to_owned(),
        )
    })?;
    let at_shop = AtShop::new(stage, shop);
    let (mut john, back) = at_shop.confirmed_song().await?;
    let order = at_shop.come_back(&mut john, back.clone()).await?;
    stage.settle_down().await?;
    let before = Books::read(stage).await?;
    let visits = join_all((0..calls).map(|_| {
        let (mut john, back) = (john.clone(), back.clone());
        async move { john.get(back).await }
    }))
    .await;
    stage.settle_down().await?;
    let after = Books::read(stage).await?;
    let visits = visits.into_iter().collect::<Result<Vec<_>, _>>()?;
    let alike = visits.into_iter().map(|page| {
        let leads_to = page.location.map(|to| to.path().to_owned());
        let code = if leads_to.is_some() { "Redirect" } else { "Page" };
        (page.status, code.to_owned(), leads_to)
    });
    let look = format!("/lab/follow?order={order}");
    Ok(Report::new(Kind::ReplayedReturn, counted(alike), (&before, &after), look))
}

fn counted(answers: impl Iterator<Item = Alike>) -> Vec<Counted> {
    let mut counts: BTreeMap<Alike, usize> = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer).or_default() += 1;
    }
    let counted =
        counts.into_iter().map(|((status, code, what), count)| Counted { count, status, code, what });
    counted.collect()
}

impl Report {
    fn new(kind: Kind, answers: Vec<Counted>, (before, after): (&Books, &Books), look: String) -> Self {
        let movements = after.transactions - before.transactions;
        let balances = before.balances.iter().zip(&after.balances);
        let balances: Vec<Balance> = balances
            .map(|((email, before), (_, after))| Balance {
                email: (*email).to_owned(),
                before: before.clone(),
                after: after.clone(),
            })
            .collect();
        let calls = answers.iter().map(|answer| answer.count).sum();
        let as_expected = is_expected(kind, &answers, movements);
        Self { kind, calls, as_expected, answers, movements, balances, look }
    }
}

/// Whether the answers and the books are as they must be.
fn is_expected(kind: Kind, answers: &[Counted], movements: i64) -> bool {
    let all = |code: &str| answers.iter().all(|answer| answer.code == code);
    match kind {
        Kind::Same => movements == 1 && answers.len() == 1 && all("Success"),
        Kind::Different => {
            let granted = answers.iter().filter(|answer| answer.code == "Success");
            let granted: usize = granted.map(|answer| answer.count).sum();
            let others = answers.iter().filter(|answer| answer.code != "Success");
            movements == 1
                && granted == 1
                && others.into_iter().all(|answer| answer.code == "DuplicateRequest")
        }
        Kind::Flipped => movements == 0 && all("SignatureDoesNotMatch"),
        Kind::ReplayedReturn => movements == 0 && answers.len() == 1 && all("Redirect"),
    }
}

impl Books {
    async fn read(stage: &Stage<'_>) -> Result<Self, DoorError> {
        let ledger = stage.perform("ledger", json!({})).await?;
        let balance = |email: &'static str| {
            let accounts = ledger["accounts"].as_array().into_iter().flatten();
            let account = accounts.into_iter().find(|account| account["email"] == email);
            (email, account.and_then(|account| account["balance"].as_str()).unwrap_or("0.0000").to_owned())
        };
        let transactions = ledger["transactions"].as_i64().unwrap_or_default();
        Ok(Self { transactions, balances: [JOHN, MERCHANT].map(balance).to_vec() })
    }
}

/// A report as it was answered.
pub fn read(answer: Value) -> Option<Report> {
    serde_json::from_value(answer).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(of: &[(usize, &str)]) -> Vec<Counted> {
        let one = |(count, code): &(usize, &str)| Counted {
            count: *count,
            status: 200,
            code: (*code).to_owned(),
            what: None,
        };
        of.iter().map(one).collect()
    }

    #[test]
    fn one_movement_and_one_answer_is_what_is_expected() {
        assert!(is_expected(Kind::Same, &answers(&[(64, "Success")]), 1));
        assert!(!is_expected(Kind::Same, &answers(&[(64, "Success")]), 2));
        assert!(!is_expected(Kind::Same, &answers(&[(1, "Success"), (63, "InternalError")]), 1));
        assert!(is_expected(Kind::Different, &answers(&[(63, "DuplicateRequest"), (1, "Success")]), 1));
        assert!(!is_expected(Kind::Different, &answers(&[(64, "DuplicateRequest")]), 0));
        assert!(is_expected(Kind::Flipped, &answers(&[(64, "SignatureDoesNotMatch")]), 0));
        assert!(!is_expected(Kind::Flipped, &answers(&[(63, "SignatureDoesNotMatch"), (1, "Success")]), 1));
        assert!(is_expected(Kind::ReplayedReturn, &answers(&[(64, "Redirect")]), 0));
    }

    #[test]
    fn a_flipped_byte_is_in_its_parameter_alone() {
        let request = Parameters::from_iter([("a", "1.00"), ("b", "x")]);
        let flipped = flipped(request, "a");
        assert_eq!((flipped.get("a"), flipped.get("b")), (Some("0.00"), Some("x")));
    }

    #[test]
    fn the_words_of_the_table_are_those_that_are_read() {
        for kind in KINDS {
            assert!(
                serde_json::from_value::<Asked>(json!({ "kind": kind }))
                    .is_ok_and(|asked| asked.kind.as_str() == *kind),
                "{kind}"
            );
        }
    }
}
