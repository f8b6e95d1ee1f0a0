//! One trial: the model and the emulator side by side, step by step.

use super::Outcome;
use super::asks::Ask;
use super::books::{Book, Method, micros};
use super::dice::Dice;
use super::judge::Verdict;
use super::state::{Account, Caller, Given, Kind, Model, Role, Time, Token};
use super::world::{How, World};
use super::xml::sections;
use crate::support::{Answer, On, balance_in, recipient_token, start_time};
use serde_json::Value;
use std::collections::BTreeMap;

const DAY_LONG: Time = 24 * 3600;

pub struct Trial {
    pub world: World,
    pub model: Model<Ask>,
    /// What was asked, and by whom, to be asked again.
    pub asked: Vec<(usize, Ask)>,
    /// What came back from the Co-Branded UI to which caller, signed.
    pub returns: Vec<(usize, Value)>,
    /// Goes into the references, so that each is new.
    pub number: usize,
    /// What the present step is, for whoever reads of its failure.
    pub doing: String,
    /// Since when notifications are refused.
    pub refusing_since: Option<Time>,
}

/// The demo data: who can pay with what. The first two are buyers, the third to the fifth sell.
fn accounts() -> Vec<Account> {
    let account = |email, business, methods| Account { email, business, methods, card_until: None };
    vec![
        account("john@example.com", false, &[Method::Abt, Method::Ach, Method::Cc][..]),
        account("jane@example.com", false, &[Method::Cc]),
        account("merchant@example.com", true, &[Method::Abt]),
        account("seller1@example.com", true, &[Method::Abt]),
        account("seller2@example.com", true, &[Method::Abt]),
        account("caller@example.com", true, &[Method::Abt]),
        account("caller2@example.com", true, &[Method::Abt]),
    ]
}

fn callers() -> Vec<Caller> {
    vec![
        Caller { access_key: "DDCALLER000000000001", secret: "digitaldownload-demo-secret", account: 5 },
        Caller { access_key: "DDCALLER000000000002", secret: "second-demo-secret", account: 6 },
    ]
}

/// The recipient tokens that the demo data has: their caps are 1.00 and 20 %, and the recipient pays FPS's fee.
fn demo_tokens(now: Time) -> Vec<Token> {
    let token = |number: u8| {
        let owner = usize::from(number) + 2;
        let reference = format!("demo-recipient-{number:02}");
        Token {
            most_fixed: Some(super::books::DOLLAR),
            most_variable: Some(2_000),
            gives_back_by: Some(format!("{:F<64}", format!("DEMOREFUNDTOKEN{number:02}"))),
            ..Token::new(recipient_token(number), 0, owner, Role::Recipient, reference, now)
        }
    };
    (0..3).map(token).collect()
}

impl Trial {
    /// `None` when that database is not to be had here. The processor answers at once, or after a day of the
    /// machine's time, which passes only when the emulator is stopped.
    pub async fn start(on: On, prompt: bool) -> Option<Self> {
        let (callers, now) = (callers(), start_time().as_second());
        let delay = if prompt { 0 } else { DAY_LONG };
        let keys = callers.iter().map(|caller| (caller.access_key, caller.secret)).collect();
        let world = World::start(on, delay, keys).await?;
        let mut model = Model {
            now,
            machine: now,
            frozen: false,
            delay,
            callers,
            accounts: accounts(),
            tokens: demo_tokens(now),
            stored: Vec::new(),
            transactions: Vec::new(),
            books: super::books::Books::default(),
            answered: BTreeMap::new(),
            told: BTreeMap::new(),
        };
        let (_, ledger) = world.control("ledger", None).await;
        for (at, account) in model.accounts.iter().enumerate() {
            if account.methods.contains(&Method::Abt) {
                model.books.open(Book::Balance(at), micros(&balance_in(&ledger, account.email)));
            }
        }
        let (asked, returns) = (Vec::new(), Vec::new());
        Some(Self { world, model, asked, returns, number: 0, doing: String::new(), refusing_since: None })
    }

    pub fn expect(&self, holds: bool, what: impl FnOnce() -> String) -> Outcome {
        if holds { Ok(()) } else { Err(format!("{}: {}", self.doing, what())) }
    }

    pub fn reference(&mut self) -> String {
        self.number += 1;
        format!("step-{}", self.number)
    }

    /// Asks once.
    pub async fn call(&mut self, caller: usize, action: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.world.send(caller, action, fields, How::Once).await.remove(0);
        self.count(action, &answer);
        answer
    }

    fn count(&mut self, action: &str, answer: &Answer) {
        let done = self.world.done.entry(action.to_owned()).or_default();
        *done += usize::from(answer.status == 200);
    }

    /// Sends a request in one of several ways, and holds what is answered against the model.
    pub async fn ask(&mut self, caller: usize, ask: Ask, dice: &mut Dice) -> Outcome {
        let how = self.how(caller, &ask, dice);
        self.doing = format!("{} ({how:?}) of caller {caller}: {ask:?}", ask.action());
        let fields = ask.fields();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for answer in self.world.send(caller, ask.action(), &fields, how).await {
            self.count(ask.action(), &answer);
            // Of what was lost without a reference it is not known whether it was done.
            let may_be_done = how == How::Lost && ask.reference().is_none() && answer.status != 200;
            if may_be_done && matches!(self.model.judge(caller, &ask), Verdict::Granted) {
                self.model.grant(caller, &ask, None);
            }
            self.take(caller, &ask, &answer)?;
        }
        self.asked.push((caller, ask));
        self.learn_fee(caller).await?;
        self.settle_down().await
    }

    fn how(&self, caller: usize, ask: &Ask, dice: &mut Dice) -> How {
        let may_be_repeated = match self.model.judge(caller, ask) {
            // A request that was lost can be late: then it must not find what would let it succeed.
            Verdict::Refused(codes) => !super::judge::are_retriable(&codes),
            Verdict::Granted => !matches!(ask, Ask::Install { .. }),
            Verdict::Again(_) => true,
        };
        match dice.below(24) {
            0 | 1 if may_be_repeated => How::Lost,
            2 => How::Together(2 + dice.below(3)),
            3..=6 => How::Posted,
            _ => How::Once,
        }
    }

    /// Holds one answer against the model, and lets the model follow.
    fn take(&mut self, caller: usize, ask: &Ask, answer: &Answer) -> Outcome {
        let (code, status) = (answer.element("Code"), answer.status);
        let id =
            ["TransactionId", "RefundTransactionId", "TokenId"].iter().find_map(|name| answer.element(name));
        let told = answer.element("TransactionStatus").unwrap_or_default();
        match self.model.judge(caller, ask) {
            Verdict::Refused(codes) => {
                let fits = status == 400 && code.is_some_and(|code| codes.contains(code));
                self.expect(fits, || format!("{answer:?}, not one of {codes:?}"))?;
                self.model.refuse(caller, ask, code.unwrap_or_default());
                Ok(())
            }
            Verdict::Again(Given::Refused(earlier)) => {
                let fits = status == 400 && code == Some(&earlier);
                self.expect(fits, || format!("{answer:?}, not {earlier} again"))
            }
            Verdict::Again(Given::Done(earlier, was)) => {
                let same = id == earlier.as_deref() && (told.is_empty() || told == was);
                let fits = status == 200 && same;
                self.expect(fits, || format!("{answer:?}, not {earlier:?} {was} again"))
            }
            Verdict::Granted => {
                self.expect(status == 200, || format!("{answer:?}, not granted"))?;
                if let Ask::Install { reference, .. } = ask {
                    let own = |token: &&Token| token.caller == caller && token.reference == *reference;
                    let earlier = self.model.tokens.iter().find(own);
                    let is_same = earlier.is_none_or(|token| Some(token.id.as_str()) == id);
                    self.expect(is_same, || format!("{answer:?}, not {earlier:?}"))?;
                }
                let is_new = !matches!(ask, Ask::Settle { .. } | Ask::Cancel { .. });
                let expected = self.model.grant(caller, ask, id.filter(|_| is_new));
                let is_told = matches!(ask, Ask::CancelSubscription { .. }) || told == expected;
                self.expect(is_told, || format!("{answer:?}, not {expected}"))
            }
        }
    }

    /// A payment with a marketplace fee has a linked transaction of its own; its id is told by `GetTransaction`.
    async fn learn_fee(&mut self, caller: usize) -> Outcome {
        let Some(last) = self.model.transactions.last() else { return Ok(()) };
        let is_payment = matches!(last.kind, Kind::Pay | Kind::Reserve);
        if last.caller != caller || !is_payment || !last.has_fee() || last.fee_id.is_some() {
            return Ok(());
        }
        let (id, fee_is) = (last.id.clone(), last.fee);
        let answer = self.call(caller, "GetTransaction", &[("TransactionId", &id)]).await;
        let related = sections(&answer.xml, "RelatedTransaction");
        let fee = related.iter().find(|related| related.contains("MarketplaceFee"));
        let id = fee.and_then(|fee| super::xml::text(fee, "TransactionId")).map(str::to_owned);
        self.expect(id.is_some() || fee_is == 0, || format!("no marketplace fee in {answer:?}"))?;
        self.model.transactions.last_mut().unwrap().fee_id = id;
        Ok(())
    }

    /// What the processor has to answer by now, it answers.
    pub async fn settle_down(&mut self) -> Outcome {
        if self.model.due_answers().is_empty() {
            return Ok(());
        }
        self.world.advance(0).await;
        self.due().await
    }

    /// The emulator has done what was due; the model follows.
    pub async fn due(&mut self) -> Outcome {
        let due = self.model.due_answers();
        let mut declined = Vec::new();
        for at in self.model.in_doubt(&due) {
            let transaction = &self.model.transactions[at];
            let (caller, id) = (transaction.caller, transaction.id.clone());
            let answer = self.call(caller, "GetTransactionStatus", &[("TransactionId", &id)]).await;
            if answer.element("TransactionStatus") != Some("Success") {
                declined.push(at);
            }
        }
        // What was declined moved nothing: first what was not.
        for at in due {
            self.model.answer(at, !declined.contains(&at));
        }
        self.model.expire();
        Ok(())
    }
}
