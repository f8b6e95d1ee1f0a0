//! What callers are told when they ask, held against what the model knows.

use super::Outcome;
use super::books::{Micros, Payer};
use super::dice::Dice;
use super::run::Trial;
use super::state::{Kind, Role, State, Token, Transaction};
use super::xml::{amount, date, sections, text};
use crate::support::Answer;

impl Trial {
    pub async fn look_at_something(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        match dice.below(14) {
            0..=2 => match dice.pick(&self.model.transactions).cloned() {
                Some(transaction) => self.look_at_transaction(&transaction).await,
                None => Ok(()),
            },
            3..=5 => {
                // What serves again and again is asked after more than what pays once.
                let lasting = |token: &&Token| token.kind != "SingleUse" && token.kind != "MultiUse";
                let lasting: Vec<&Token> = self.model.tokens.iter().filter(lasting).collect();
                let any = dice.pick(&self.model.tokens).filter(|_| dice.one_in(3));
                let token = any.or(dice.pick(&lasting).copied()).cloned().unwrap();
                self.look_at_token(&token).await?;
                self.look_at_recipient(&token).await?;
                self.look_at_instruction(&token).await?;
                self.look_at_subscription(&token).await
            }
            6 => self.look_at_tokens(caller, dice).await,
            7 | 8 => self.look_at_balances(caller).await,
            9 | 10 => self.look_at_activity(caller, dice).await,
            11 => self.verify_a_return(caller, dice).await,
            _ => self.look_at_stored_value(caller).await,
        }
    }

    pub fn says(
        &mut self,
        what: &str,
        answer: &Answer,
        pairs: &[(&str, Option<String>, Option<String>)],
    ) -> Outcome {
        what.clone_into(&mut self.doing);
        for (name, told, known) in pairs {
            self.expect(told == known, || format!("{name} is {told:?}, not {known:?}: {answer:?}"))?;
        }
        Ok(())
    }

    /// Everything, also of the marketplace's fee that is linked with it.
    pub async fn look_at_transaction(&mut self, known: &Transaction) -> Outcome {
        let answer = self.call(known.caller, "GetTransaction", &[("TransactionId", &known.id)]).await;
        let xml = &answer.xml;
        let word = |name| text(xml, name).map(str::to_owned);
        let number = |name| amount(xml, name).map(|amount| amount.to_string());
        let time = |name| date(xml, name).map(|time| time.to_string());
        let fee = |fee: Micros| (if known.kind == Kind::Refund { -fee } else { fee }).to_string();
        let payer = match (known.payer, known.kind) {
            (Payer::Caller, _) => "Caller",
            (Payer::Recipient, Kind::Refund) => "Sender",
            (Payer::Recipient, _) => "Recipient",
        };
        let is = |text: &str| Some(text.to_owned());
        let paid_by_or_to = |prepaid: bool| {
            let id = known.serves.clone().or(known.pays_from.clone())?;
            (self.model.stored(&id)?.is_prepaid == prepaid).then_some(id)
        };
        let pairs = [
            ("CallerReference", word("CallerReference"), is(&known.reference)),
            ("DateReceived", time("DateReceived"), Some(known.received.to_string())),
            ("DateCompleted", time("DateCompleted"), known.ended.map(|at| at.to_string())),
            ("TransactionAmount", number("TransactionAmount"), Some(known.amount.to_string())),
            ("FPSFees", number("FPSFees"), Some(fee(known.fps_fee))),
            ("MarketplaceFees", number("MarketplaceFees"), Some(fee(known.fee)).filter(|_| known.fee != 0)),
            ("FPSFeesPaidBy", word("FPSFeesPaidBy"), is(payer)),
            ("SenderTokenId", word("SenderTokenId"), known.sender_token.clone()),
            ("RecipientTokenId", word("RecipientTokenId"), known.recipient_token.clone()),
            ("PrepaidInstrumentId", word("PrepaidInstrumentId"), paid_by_or_to(true)),
            ("CreditInstrumentId", word("CreditInstrumentId"), paid_by_or_to(false)),
            ("FPSOperation", word("FPSOperation"), is(known.kind.word())),
            ("PaymentMethod", word("PaymentMethod"), is(known.method.word())),
            ("TransactionStatus", word("TransactionStatus"), is(known.state.word())),
            ("StatusCode", word("StatusCode"), is(known.code)),
            ("who pays", payers_address(known, xml), self.payers_address_told(known)),
            ("StatusHistory", Some(history_told(xml)), Some(history_known(known))),
            ("RelatedTransaction", Some(related_told(xml)), Some(self.model.related(known))),
        ];
        self.says(&format!("GetTransaction of {known:?}"), &answer, &pairs)?;
        self.look_at_fee(known).await
    }

    /// It is told only to a caller that was paid itself.
    fn payers_address_told(&self, known: &Transaction) -> Option<String> {
        let (payer, paid) = match known.kind {
            Kind::Refund => (known.recipient, known.sender),
            _ => (known.sender, known.recipient),
        };
        let told = paid == self.model.callers[known.caller].account;
        told.then(|| self.model.accounts[payer].email.to_owned())
    }

    async fn look_at_fee(&mut self, known: &Transaction) -> Outcome {
        let Some(id) = &known.fee_id else { return Ok(()) };
        let answer = self.call(known.caller, "GetTransaction", &[("TransactionId", id)]).await;
        let xml = &answer.xml;
        let word = |name| text(xml, name).map(str::to_owned);
        let pairs = [
            ("TransactionStatus", word("TransactionStatus"), Some(known.state.word().to_owned())),
            ("StatusCode", word("StatusCode"), Some(known.code.to_owned())),
            ("FPSOperation", word("FPSOperation"), Some("Pay".to_owned())),
            (
                "Amount",
                amount(xml, "TransactionAmount").map(|is| is.to_string()),
                Some(known.fee.to_string()),
            ),
            ("Parent", Some(related_told(xml).contains(&known.id).to_string()), Some("true".to_owned())),
        ];
        self.says(&format!("GetTransaction of the fee of {known:?}"), &answer, &pairs)
    }

    pub async fn look_at_status(&mut self, known: &Transaction) -> Outcome {
        let answer = self.call(known.caller, "GetTransactionStatus", &[("TransactionId", &known.id)]).await;
        let word = |name| text(&answer.xml, name).map(str::to_owned);
        let pairs = [
            ("TransactionStatus", word("TransactionStatus"), Some(known.state.word().to_owned())),
            ("StatusCode", word("StatusCode"), Some(known.code.to_owned())),
            ("CallerReference", word("CallerReference"), Some(known.reference.clone())),
        ];
        self.says(&format!("GetTransactionStatus of {known:?}"), &answer, &pairs)
    }

    pub async fn look_at_token(&mut self, known: &Token) -> Outcome {
        let id = known.id.as_str();
        let status = if known.is_active(self.model.now) { "Active" } else { "Inactive" };
        for fields in [&[("TokenId", id)], &[("CallerReference", known.reference.as_str())]] {
            let answer = self.call(known.caller, "GetTokenByCaller", fields).await;
            let word = |name| text(&answer.xml, name).map(str::to_owned);
            let pairs = [
                ("TokenId", word("TokenId"), Some(id.to_owned())),
                ("TokenStatus", word("TokenStatus"), Some(status.to_owned())),
                ("TokenType", word("TokenType"), Some(known.kind.to_owned())),
                ("CallerReference", word("CallerReference"), Some(known.reference.clone())),
                ("OldTokenId", word("OldTokenId"), known.replaces.clone()),
                (
                    "DateInstalled",
                    date(&answer.xml, "DateInstalled").map(|at| at.to_string()),
                    Some(known.installed.to_string()),
                ),
            ];
            self.says(&format!("GetTokenByCaller of {known:?}"), &answer, &pairs)?;
        }
        let answer = self.call(1 - known.caller, "GetTokenByCaller", &[("TokenId", id)]).await;
        self.refused("another caller's token", &answer, "InvalidTokenId")?;
        self.look_at_usage(known).await
    }

    fn refused(&mut self, what: &str, answer: &Answer, code: &str) -> Outcome {
        let code = Some(code.to_owned());
        self.says(what, answer, &[("Code", answer.element("Code").map(str::to_owned), code)])
    }

    async fn look_at_usage(&mut self, known: &Token) -> Outcome {
        let answer = self.call(known.caller, "GetTokenUsage", &[("TokenId", &known.id)]).await;
        let what = format!("GetTokenUsage of {known:?}");
        if known.kind == "SingleUse" {
            return self.refused(&what, &answer, "InvalidTokenType");
        }
        let told = sections(&answer.xml, "TokenUsageLimits").into_iter().map(|limit| {
            let used = amount(limit, "Amount").or_else(|| text(limit, "Count")?.parse().ok());
            format!("{:?} since {:?}", used, date(limit, "LastResetTimestamp"))
        });
        let told: Vec<String> = told.collect();
        let usage = known.limits.iter().map(|limit| self.model.usage(known, limit));
        let usage: Vec<String> = usage
            .map(|usage| format!("{:?} since {:?}", Some(usage.now), Some(usage.window_start)))
            .collect();
        self.says(&what, &answer, &[("usage", Some(told.join(", ")), Some(usage.join(", ")))])
    }

    async fn look_at_recipient(&mut self, known: &Token) -> Outcome {
        let action = "GetRecipientVerificationStatus";
        let answer = self.call(known.caller, action, &[("RecipientTokenId", &known.id)]).await;
        if known.role != Role::Recipient {
            return self.refused(action, &answer, "InvalidTokenId_Recipient");
        }
        if known.cancelled {
            return self.refused(action, &answer, "TokenNotActive_Recipient");
        }
        let business = self.model.accounts[known.owner].business;
        let word = if business { "VerificationCompleteNoLimits" } else { "VerificationComplete" };
        let told = text(&answer.xml, "RecipientVerificationStatus").map(str::to_owned);
        self.says(action, &answer, &[("status", told, Some(word.to_owned()))])
    }

    async fn look_at_instruction(&mut self, known: &Token) -> Outcome {
        let action = "GetPaymentInstruction";
        let answer = self.call(known.caller, action, &[("TokenId", &known.id)]).await;
        if known.owner != self.model.callers[known.caller].account {
            return self.refused(action, &answer, "TokenAccessDenied");
        }
        let Some(instruction) = &known.instruction else {
            return self.refused(action, &answer, "InvalidTokenType");
        };
        let told = answer.element("PaymentInstruction").unwrap_or_default().replace("&apos;", "'");
        let is_it = !told.is_empty() && instruction.starts_with(&told);
        self.says(action, &answer, &[("is it", Some(is_it.to_string()), Some("true".to_owned()))])
    }

    async fn look_at_subscription(&mut self, known: &Token) -> Outcome {
        let (action, fields) = ("GetSubscriptionDetails", [("SubscriptionId", known.id.as_str())]);
        let answer = self.call(known.caller, action, &fields).await;
        let listed = self.call(known.caller, "GetTransactionsForSubscription", &fields).await;
        if let Err(code) = self.model.subscription(known.caller, &known.id) {
            self.refused(action, &answer, code)?;
            return self.refused("GetTransactionsForSubscription", &listed, code);
        }
        let status = match (known.cancelled, known.is_expired(self.model.now)) {
            (true, _) => "Cancelled",
            (false, true) => "Completed",
            (false, false) => "Active",
        };
        let paid = self.model.paid_with(&known.id);
        let done = paid.iter().filter(|payment| payment.state == State::Success).count();
        let mut known_payments: Vec<String> = paid
            .iter()
            .map(|payment| format!("{} {} {}", payment.id, payment.state.word(), payment.amount))
            .collect();
        known_payments.sort();
        let told_payments = sections(&listed.xml, "SubscriptionTransaction").into_iter().map(|payment| {
            let word = |name| text(payment, name).unwrap_or_default();
            let amount = amount(payment, "TransactionAmount").unwrap_or_default();
            format!("{} {} {amount}", word("TransactionId"), word("TransactionStatus"))
        });
        let mut told_payments: Vec<String> = told_payments.collect();
        told_payments.sort();
        let word = |name| text(&answer.xml, name).map(str::to_owned);
        let next_told = date(&answer.xml, "NextTransactionDate").map(|at| at.to_string());
        let pairs = [
            ("SubscriptionStatus", word("SubscriptionStatus"), Some(status.to_owned())),
            ("NextTransactionDate", next_told, self.model.next_payment(known).map(|at| at.to_string())),
            ("processed", word("NumberOfTransactionsProcessed"), Some(done.to_string())),
            (
                "SubscriptionAmount",
                amount(&answer.xml, "SubscriptionAmount").map(|amount| amount.to_string()),
                known.each.map(|(_, amount)| amount.to_string()),
            ),
            ("payments", Some(told_payments.join(", ")), Some(known_payments.join(", "))),
        ];
        self.says(&format!("{action} of {known:?}"), &answer, &pairs)
    }

    async fn look_at_tokens(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let status = *dice.pick(&["", "Active", "Inactive"]).unwrap();
        let kind = *dice.pick(&["", "Unrestricted", "MultiUse", "SingleUse"]).unwrap();
        let filters = [("TokenStatus", status), ("TokenType", kind)];
        let fields: Vec<(&str, &str)> = filters.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let answer = self.call(caller, "GetTokens", &fields).await;
        let told = sections(&answer.xml, "Token").into_iter().filter_map(|token| text(token, "TokenId"));
        let mut told: Vec<&str> = told.collect();
        told.sort_unstable();
        let now = self.model.now;
        let wanted = |token: &&Token| {
            let is_active = token.is_active(now);
            token.caller == caller
                && token.owner == self.model.callers[caller].account
                && (status.is_empty() || (status == "Active") == is_active)
                && (kind.is_empty() || token.kind == kind)
        };
        let known = self.model.tokens.iter().filter(wanted).map(|token| token.id.as_str());
        let mut known: Vec<&str> = known.collect();
        known.sort_unstable();
        let (told, known) = (Some(told.join(" ")), Some(known.join(" ")));
        self.says(&format!("GetTokens {status} {kind}"), &answer, &[("tokens", told, known)])
    }

    /// What the Co-Branded UI has signed is genuine, and what was changed of it is not.
    async fn verify_a_return(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let Some((asked, returned)) = dice.pick(&self.returns).cloned() else { return Ok(()) };
        let changed = dice.one_in(2);
        let mut parameters = fps_protocol::Parameters::default();
        for (name, value) in returned.as_object().into_iter().flatten() {
            let value = value.as_str().unwrap_or_default();
            let value = if changed && name == "status" { "NP" } else { value };
            parameters.push(name.as_str(), value);
        }
        let access_key = self.model.callers[caller].access_key;
        let received = parameters.to_query();
        let endpoint = self.world.return_url(asked);
        let fields = [("UrlEndPoint", endpoint.as_str()), ("HttpParameters", received.as_str())];
        let answer = self.call(caller, "VerifySignature", &fields).await;
        let told = text(&answer.xml, "VerificationStatus").map(str::to_owned);
        let known = if changed { "Failure" } else { "Success" };
        self.says(
            &format!("VerifySignature for {access_key}"),
            &answer,
            &[("status", told, Some(known.to_owned()))],
        )
    }
}

fn history_told(xml: &str) -> String {
    let lines = sections(xml, "StatusHistory").into_iter().map(|past| {
        let word = |name| text(past, name).unwrap_or_default();
        let (at, amount) =
            (date(past, "Date").unwrap_or_default(), amount(past, "Amount").unwrap_or_default());
        format!("{at} {} {} {amount}", word("TransactionStatus"), word("StatusCode"))
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn history_known(known: &Transaction) -> String {
    let line =
        |past: &super::state::Past| format!("{} {} {} {}", past.at, past.status, past.code, past.amount);
    known.history.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn related_told(xml: &str) -> String {
    let mut related: Vec<String> = sections(xml, "RelatedTransaction")
        .into_iter()
        .map(|one| {
            format!(
                "{} {}",
                text(one, "RelationType").unwrap_or_default(),
                text(one, "TransactionId").unwrap_or_default()
            )
        })
        .collect();
    related.sort();
    related.join(", ")
}

/// The e-mail address of who pays (of a refund: is paid back).
fn payers_address(known: &Transaction, xml: &str) -> Option<String> {
    let name = if known.kind == Kind::Refund { "RecipientEmail" } else { "SenderEmail" };
    text(xml, name).map(str::to_owned)
}
