//! What a person gives at the Co-Branded UI, clicked through by the control API, and what comes of it (fps.md §7).

use super::Outcome;
use super::asks::Ask;
use super::books::{Book, Method, Micros};
use super::pipelines::{Click, Pipeline};
use super::run::Trial;
use super::state::{DAY, HOUR, Limit, Model, Role, Rule, Stored, Time, Token};
use serde_json::json;
use std::collections::BTreeSet;

const SINGLE_USE_LASTS: Time = 3 * HOUR;
const MULTI_USE_LASTS: Time = 365 * DAY;

impl Click {
    fn named(&self) -> Vec<String> {
        match &self.pipeline {
            Pipeline::SingleUse { to, .. } | Pipeline::Recurring { to, .. } => to.iter().cloned().collect(),
            Pipeline::MultiUse { to, .. } => to.clone(),
            _ => Vec::new(),
        }
    }

    /// The statuses that can come back, or "400" where the request or the choice cannot be meant; empty: it succeeds.
    fn wrong(&self, model: &Model<Ask>) -> BTreeSet<&'static str> {
        let mut wrong = BTreeSet::new();
        let used = |token: &Token| token.caller == self.caller && token.reference == self.reference;
        if model.tokens.iter().any(used) {
            wrong.insert("NP");
        }
        let named = self.named();
        let is_cancelled = |id: &String| model.token(id).is_none_or(|token| token.cancelled);
        if named.iter().any(is_cancelled) {
            wrong.insert("400");
        }
        let is_recipient = matches!(self.pipeline, Pipeline::Recipient { .. });
        if let Pipeline::EditToken { id } = &self.pipeline {
            let token = model.token(id).unwrap();
            let editable =
                token.role == Role::Sender && token.is_active(model.now) && token.pays_from.is_none();
            if token.caller != self.caller || !editable {
                wrong.insert("IT");
            }
            if token.owner != self.person {
                wrong.insert("UT");
            }
        } else if !is_recipient {
            let is_person = |id: &String| model.token(id).is_none_or(|token| token.owner == self.person);
            let pays_itself = if named.is_empty() {
                model.callers[self.caller].account == self.person
            } else {
                named.iter().all(is_person)
            };
            if pays_itself {
                wrong.insert("NP");
            }
        }
        if !is_recipient && !model.accounts[self.person].methods.contains(&self.method) {
            wrong.insert("400");
        }
        wrong
    }
}

impl Trial {
    /// The person clicks; what was made is in the model then.
    pub async fn click(&mut self, click: Click) -> Outcome {
        let now = self.model.now;
        let mut asked = json!({
            "access_key": self.model.callers[click.caller].access_key,
            "pipeline": click.name(),
            "account": self.model.accounts[click.person].email,
            "payment_method": click.method.word(),
            "parameters": click.parameters(now),
        });
        if !matches!(click.pipeline, Pipeline::SetupPrepaid { .. } | Pipeline::SetupPostpaid { .. }) {
            asked["caller_reference"] = click.reference.clone().into();
        }
        let (status, made) = self.world.control("tokens", Some(asked)).await;
        let word = made["status"].as_str().unwrap_or_default().to_owned();
        let wrong = click.wrong(&self.model);
        if !wrong.is_empty() {
            let told = if status == 400 { "400" } else { &word };
            return self.expect(wrong.contains(told), || format!("{told}, not one of {wrong:?}: {made}"));
        }
        let (expected, unchanged) = self.success(&click);
        self.expect(status == 200 && word == expected, || {
            format!("{status} {word}, not {expected}: {made}")
        })?;
        let returned = &made["return_parameters"];
        let get = |name: &str| returned[name].as_str().unwrap_or_default().to_owned();
        if let Some((month, year)) = get("expiry").split_once('/') {
            let last = (year.parse().unwrap(), month.parse().unwrap());
            self.model.accounts[click.person].card_until = Some(last);
        }
        if !unchanged {
            self.make_tokens(&click, &get);
        }
        *self.world.done.entry(click.name().to_owned()).or_default() += 1;
        self.returns.push((click.caller, returned.clone()));
        Ok(())
    }

    /// The status of success, and whether it is that nothing changes.
    fn success(&self, click: &Click) -> (&'static str, bool) {
        if let Pipeline::EditToken { id } = &click.pipeline
            && self.model.token(id).unwrap().method == Some(click.method)
        {
            return ("SU", true);
        }
        let status = match (&click.pipeline, click.method) {
            (Pipeline::Recipient { .. }, _) => "SR",
            (_, Method::Abt) => "SA",
            (_, Method::Ach) => "SB",
            _ => "SC",
        };
        (status, false)
    }

    fn make_tokens(&mut self, click: &Click, get: &dyn Fn(&str) -> String) {
        let (caller, person, now) = (click.caller, click.person, self.model.now);
        let role =
            if matches!(click.pipeline, Pipeline::Recipient { .. }) { Role::Recipient } else { Role::Sender };
        let mut token = Token::new(get("tokenID"), caller, person, role, click.reference.clone(), now);
        token.method = (role == Role::Sender).then_some(click.method);
        match &click.pipeline {
            Pipeline::SingleUse { amount, to } => {
                token.kind = "SingleUse";
                token.each = Some((Rule::AtMost, *amount));
                token.only_to = to.iter().cloned().collect();
                token.expires = Some(now + SINGLE_USE_LASTS);
            }
            Pipeline::MultiUse { each, limits, to, validity } => {
                token.kind = "MultiUse";
                (token.each, token.limits, token.only_to) = (*each, limits.clone(), to.clone());
                validity.set(now, Some(MULTI_USE_LASTS), &mut token);
            }
            Pipeline::Recurring { amount, period, to, validity } => {
                token.kind = "Recurring";
                token.each = Some((Rule::AtMost, *amount));
                token.limits = vec![Limit { is_amount: false, most: 1, period: Some(*period) }];
                token.only_to = to.iter().cloned().collect();
                validity.set(now, None, &mut token);
            }
            Pipeline::Recipient { pays_fee, fixed, variable, takes, validity } => {
                token.pays_fee = *pays_fee;
                (token.most_fixed, token.most_variable) = (*fixed, *variable);
                token.takes.clone_from(takes);
                token.gives_back_by = Some(get("refundTokenID"));
                validity.set(now, None, &mut token);
            }
            Pipeline::SetupPrepaid { amount } => {
                let names = ["prepaidInstrumentID", "prepaidSenderTokenID", "fundingTokenID"];
                let limit = Limit { is_amount: true, most: *amount, period: None };
                let each = Some((Rule::AtMost, *amount));
                return self.set_up(token, names.map(get), (None, Vec::new()), (each, vec![limit]));
            }
            Pipeline::SetupPostpaid { credit, limits } => {
                let names = ["creditInstrumentID", "creditSenderTokenID", "settlementTokenID"].map(get);
                // What is settled was bought first: the limit on all that is bought holds for settling, too.
                let settling = (None, limits[..1].to_vec());
                return self.set_up(token, names, (Some(*credit), limits.clone()), settling);
            }
            Pipeline::EditToken { id } => {
                let old = self.model.token_mut(id);
                old.cancelled = true;
                token = Token { installed: now, replaces: Some(id.clone()), cancelled: false, ..old.clone() };
                (token.id, token.reference) = (get("tokenID"), click.reference.clone());
                token.method = Some(click.method);
            }
        }
        self.model.tokens.push(token);
    }

    /// A prepaid balance or a credit of so much, with the token that pays from it and the one that fills or settles it.
    fn set_up(
        &mut self,
        token: Token,
        [instrument, pays, source]: [String; 3],
        (credit, limits): (Option<Micros>, Vec<Limit>),
        (each, source_limits): (Option<(Rule, Micros)>, Vec<Limit>),
    ) {
        let (caller, owner, is_prepaid) = (token.caller, token.owner, credit.is_none());
        self.model.stored.push(Stored { id: instrument.clone(), caller, owner, is_prepaid });
        if let Some(credit) = credit {
            self.model.books.open(Book::Credit(instrument.clone()), credit);
        }
        let method = if is_prepaid { Method::Prepaid } else { Method::Debt };
        let token = Token { kind: "MultiUse", ..token };
        self.model.tokens.push(Token {
            id: pays,
            method: Some(method),
            limits,
            pays_from: Some(instrument.clone()),
            ..token.clone()
        });
        let reference = format!("{}-source", token.reference);
        let serves = Some(instrument);
        self.model.tokens.push(Token { id: source, reference, each, limits: source_limits, serves, ..token });
    }
}
