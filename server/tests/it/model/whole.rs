//! Everything that the model knows, held against everything that the emulator tells.

use super::Outcome;
use super::asks::Ask;
use super::books::{Book, Micros, Payer, micros};
use super::dice::Dice;
use super::run::Trial;
use super::state::{Kind, Model, State, Transaction};
use super::xml::{amount, sections, text};
use std::collections::BTreeMap;

/// Of a transaction in a list: its status, its amount and FPS's fee.
type Told = (String, Micros, Micros);

impl Trial {
    /// Books, transactions and tokens. What has come to its end was looked at before, but for a sample.
    pub async fn look_at_everything(&mut self, dice: &mut Dice) -> Outcome {
        self.look_at_books().await?;
        for known in self.model.transactions.clone() {
            let changes = known.ended.is_none_or(|at| at + 60 > self.model.now);
            if changes || dice.one_in(4) {
                self.look_at_status(&known).await?;
            }
            if dice.one_in(8) {
                self.look_at_transaction(&known).await?;
            }
        }
        for known in self.model.tokens.clone() {
            if dice.one_in(4) {
                self.look_at_token(&known).await?;
            }
        }
        for caller in 0..self.model.callers.len() {
            self.look_at_balances(caller).await?;
            self.look_at_stored_value(caller).await?;
            self.look_at_activity(caller, dice).await?;
        }
        Ok(())
    }

    async fn look_at_books(&mut self) -> Outcome {
        let (_, ledger) = self.world.control("ledger", None).await;
        self.doing = String::from("the ledger");
        let number = |value: &serde_json::Value| micros(value.as_str().unwrap_or_default());
        self.expect(number(&ledger["sum"]) == 0, || ledger.to_string())?;
        let accounts = ledger["accounts"].as_array().cloned().unwrap_or_default();
        for (at, account) in self.model.accounts.iter().enumerate() {
            let told = accounts.iter().find(|told| told["email"] == account.email);
            let (total, held) = told.map_or((0, 0), |told| (number(&told["balance"]), number(&told["held"])));
            let known = self.model.books.get(&Book::Balance(at));
            self.expect((total, held) == (known.total, known.held), || {
                format!("{} has {total} and {held} held, not {known:?}", account.email)
            })?;
        }
        let fees = accounts
            .iter()
            .find(|told| told["id"] == "amazon:fees")
            .map_or(0, |told| number(&told["balance"]));
        let known = self.model.books.get(&Book::Fees).total;
        self.expect(fees == known, || format!("Amazon's fees are {fees}, not {known}"))
    }

    /// All batches of what a filter lets through.
    pub async fn look_at_activity(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let order = *dice.pick(&["", "Ascending", "Descending"]).unwrap();
        let operation =
            *dice.pick(&["", "", "", "Pay", "Refund", "Reserve", "FundPrepaid", "SettleDebt"]).unwrap();
        let status =
            *dice.pick(&["", "", "", "Success", "Pending", "Reserved", "Failure", "Cancelled"]).unwrap();
        let method = *dice.pick(&["", "", "", "ABT", "CC", "Prepaid"]).unwrap();
        let size = dice.between(15, 80).to_string();
        let account = self.model.callers[caller].account;
        let fits = |transaction: &Transaction, is_fee: bool| {
            let (kind, paid) =
                if is_fee { ("Pay", "ABT") } else { (transaction.kind.word(), transaction.method.word()) };
            let is = |asked: &str, word: &str| asked.is_empty() || asked == word;
            is(operation, kind) && is(method, paid) && is(status, transaction.state.word())
        };
        let known = self.model.activity(account, fits);
        let what =
            format!("GetAccountActivity of caller {caller}: {order} {operation} {status} {method} by {size}");
        self.doing = what;
        let (mut start, mut end) = ("2030-06-03".to_owned(), String::new());
        let mut told = BTreeMap::new();
        let mut times: Vec<jiff::Timestamp> = Vec::new();
        loop {
            let asked = [
                ("StartDate", start.as_str()),
                ("EndDate", &end),
                ("MaxBatchSize", &size),
                ("SortOrderByDate", order),
                ("FPSOperation", operation),
                ("TransactionStatus", status),
                ("PaymentMethod", method),
            ];
            let asked: Vec<(&str, &str)> = asked.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            let answer = self.call(caller, "GetAccountActivity", &asked).await;
            self.expect(answer.status == 200, || format!("{answer:?}"))?;
            for transaction in sections(&answer.xml, "Transaction") {
                let word = |name| text(transaction, name).unwrap_or_default();
                let amount = amount(transaction, "TransactionAmount").unwrap_or_default();
                times.extend(word("DateReceived").parse::<jiff::Timestamp>().ok());
                let fee = super::xml::amount(transaction, "FPSFees").unwrap_or_default();
                let one = (word("TransactionStatus").to_owned(), amount, fee);
                let id = word("TransactionId").to_owned();
                self.expect(told.insert(id, one).is_none(), || format!("twice: {}", word("TransactionId")))?;
            }
            let Some(next) = text(&answer.xml, "StartTimeForNextTransaction") else { break };
            let from = if order == "Descending" { &mut end } else { &mut start };
            next.clone_into(from);
        }
        let in_order = match order {
            "Ascending" => times.is_sorted(),
            "Descending" => times.iter().rev().is_sorted(),
            _ => true,
        };
        self.expect(in_order, || format!("not in order: {times:?}"))?;
        let differs = |(id, one): &(&String, &Told)| told.get(*id) != Some(*one);
        let missing: Vec<_> = known.iter().filter(differs).collect();
        let more: Vec<_> = told.iter().filter(|(id, _)| !known.contains_key(*id)).collect();
        self.expect(missing.is_empty() && more.is_empty(), || {
            format!("missing or different {missing:?}, more {more:?}")
        })
    }

    /// The first caller was told everything, in the order of each subject.
    pub async fn look_at_notifications(&mut self) -> Outcome {
        let told: BTreeMap<String, Vec<String>> = self.model.told.clone();
        let told: BTreeMap<_, _> = told.into_iter().filter(|(_, told)| !told.is_empty()).collect();
        if self.world.received(|taken| *taken == told).await {
            return Ok(());
        }
        let taken = self.world.receiver.lock().unwrap().taken.clone();
        let differs = |(subject, known): &(&String, &Vec<String>)| taken.get(*subject) != Some(*known);
        let missing: Vec<_> = told
            .iter()
            .filter(differs)
            .map(|(subject, known)| (subject, known, taken.get(subject)))
            .collect();
        let more: Vec<_> = taken.iter().filter(|(subject, _)| !told.contains_key(*subject)).collect();
        Err(format!("notifications: missing {missing:?}, more {more:?}"))
    }

    pub async fn look_at_balances(&mut self, caller: usize) -> Outcome {
        let answer = self.call(caller, "GetAccountBalance", &[]).await;
        let told = |name| amount(&answer.xml, name).map(|amount| amount.to_string());
        let balance = self.model.books.get(&Book::Balance(self.model.callers[caller].account));
        let (coming, going) = self.model.pending(self.model.callers[caller].account);
        let is = |amount: Micros| Some(amount.to_string());
        let pairs = [
            ("TotalBalance", told("TotalBalance"), is(balance.total)),
            ("PendingInBalance", told("PendingInBalance"), is(coming)),
            ("PendingOutBalance", told("PendingOutBalance"), is(balance.held + going)),
            ("DisburseBalance", told("DisburseBalance"), is(balance.available())),
            ("RefundBalance", told("RefundBalance"), is(balance.available())),
        ];
        self.says("GetAccountBalance", &answer, &pairs)
    }

    /// What is prepaid with the caller and owed to it, of each instrument and of all.
    pub async fn look_at_stored_value(&mut self, caller: usize) -> Outcome {
        let (mut prepaid, mut funding, mut debt, mut settling) = (0, 0, 0, 0);
        let own = self.model.stored.clone().into_iter().filter(|stored| stored.caller == caller);
        for stored in own {
            let id = stored.id.as_str();
            let is = |amount: Micros| Some(amount.to_string());
            if stored.is_prepaid {
                let there = self.model.books.get(&Book::Prepaid(id.to_owned()));
                let coming = self.model.pending_funding(id);
                (prepaid, funding) = (prepaid + there.total, funding + coming);
                let answer = self.call(caller, "GetPrepaidBalance", &[("PrepaidInstrumentId", id)]).await;
                let told = |name| amount(&answer.xml, name).map(|amount| amount.to_string());
                let pairs = [
                    ("AvailableBalance", told("AvailableBalance"), is(there.available())),
                    ("PendingInBalance", told("PendingInBalance"), is(coming)),
                ];
                self.says(&format!("GetPrepaidBalance of {id}"), &answer, &pairs)?;
            } else {
                let owed = self.model.books.get(&Book::Debt(id.to_owned()));
                (debt, settling) = (debt + owed.total, settling + owed.held);
                let answer = self.call(caller, "GetDebtBalance", &[("CreditInstrumentId", id)]).await;
                let told = |name| amount(&answer.xml, name).map(|amount| amount.to_string());
                let pairs = [
                    ("AvailableBalance", told("AvailableBalance"), is(owed.available())),
                    ("PendingOutBalance", told("PendingOutBalance"), is(owed.held)),
                ];
                self.says(&format!("GetDebtBalance of {id}"), &answer, &pairs)?;
            }
        }
        let totals = [
            ("GetTotalPrepaidLiability", "PendingInBalance", prepaid, funding),
            ("GetOutstandingDebtBalance", "PendingOutBalance", debt, settling),
            // As a client misspells it.
            ("GetOutStandingDebtBalance", "PendingOutBalance", debt, settling),
        ];
        for (action, on_its_way, outstanding, pending) in totals {
            let answer = self.call(caller, action, &[]).await;
            let told = |name| amount(&answer.xml, name).map(|amount| amount.to_string());
            let pairs = [
                ("OutstandingBalance", told("OutstandingBalance"), Some(outstanding.to_string())),
                (on_its_way, told(on_its_way), Some(pending.to_string())),
            ];
            self.says(action, &answer, &pairs)?;
        }
        Ok(())
    }
}

impl Model<Ask> {
    /// The parent, the marketplace's fee and the refunds of a transaction.
    pub fn related(&self, known: &Transaction) -> String {
        let parent = known.parent.iter().map(|id| format!("Parent {id}"));
        let fee = known.fee_id.iter().map(|id| format!("MarketplaceFee {id}"));
        let is_refund = |refund: &&Transaction| refund.parent.as_ref() == Some(&known.id);
        let refunds =
            self.transactions.iter().filter(is_refund).map(|refund| format!("Refund {}", refund.id));
        let mut related: Vec<String> = parent.chain(fee).chain(refunds).collect();
        related.sort();
        related.join(", ")
    }

    /// What pending payments will bring to an account, and the fees that they will take from it.
    fn pending(&self, account: usize) -> (Micros, Micros) {
        let is_caller = |transaction: &Transaction| self.callers[transaction.caller].account == account;
        let brings = |transaction: &Transaction| match transaction.kind {
            Kind::Pay | Kind::SettleDebt => transaction.state == State::Pending,
            Kind::Reserve => transaction.state == State::Settling,
            _ => false,
        };
        let (mut coming, mut going) = (0, 0);
        for transaction in &self.transactions {
            if brings(transaction) {
                if transaction.recipient == account {
                    let fps_fee = if transaction.payer == Payer::Recipient { transaction.fps_fee } else { 0 };
                    coming += transaction.amount - transaction.fee - fps_fee;
                }
                coming += if is_caller(transaction) { transaction.fee } else { 0 };
            }
            let takes = brings(transaction)
                || (transaction.kind == Kind::Fund && transaction.state == State::Pending);
            if takes && is_caller(transaction) && transaction.payer == Payer::Caller {
                going += transaction.fps_fee;
            }
        }
        (coming, going)
    }

    /// What has happened on an account, with the marketplace's fees: what is told of each.
    pub fn activity(
        &self,
        account: usize,
        fits: impl Fn(&Transaction, bool) -> bool,
    ) -> BTreeMap<String, Told> {
        let mut found = BTreeMap::new();
        for transaction in &self.transactions {
            let caller = self.callers[transaction.caller].account;
            let is_in = |one, other| [one, other, caller].contains(&account);
            let status = transaction.state.word().to_owned();
            if is_in(transaction.sender, transaction.recipient) && fits(transaction, false) {
                let refund = transaction.kind == Kind::Refund;
                let fps_fee = if refund { -transaction.fps_fee } else { transaction.fps_fee };
                found.insert(transaction.id.clone(), (status.clone(), transaction.amount, fps_fee));
            }
            if let Some(fee) = &transaction.fee_id
                && is_in(transaction.recipient, caller)
                && fits(transaction, true)
            {
                found.insert(fee.clone(), (status, transaction.fee, 0));
            }
        }
        found
    }
}
