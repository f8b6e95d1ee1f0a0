//! What a caller can ask for at the Co-Branded UI: the seven pipelines and their parameters (fps.md §7.2).

use super::asks::{Ask, percentage};
use super::books::{CENT, DOLLAR, Method, Micros, dollars};
use super::dice::Dice;
use super::state::{DAY, Limit, Model, Period, Role, Rule, Time, Token, Unit};
use serde_json::{Value, json};

/// Who asks whom for what.
#[derive(Debug, Clone)]
pub struct Click {
    pub caller: usize,
    pub person: usize,
    pub method: Method,
    pub reference: String,
    pub pipeline: Pipeline,
}

#[derive(Debug, Clone)]
pub enum Pipeline {
    SingleUse {
        amount: Micros,
        to: Option<String>,
    },
    MultiUse {
        each: Option<(Rule, Micros)>,
        limits: Vec<Limit>,
        to: Vec<String>,
        validity: Validity,
    },
    Recurring {
        amount: Micros,
        period: Period,
        to: Option<String>,
        validity: Validity,
    },
    Recipient {
        pays_fee: bool,
        fixed: Option<Micros>,
        variable: Option<i64>,
        takes: Vec<Method>,
        validity: Validity,
    },
    SetupPrepaid {
        amount: Micros,
    },
    SetupPostpaid {
        credit: Micros,
        limits: Vec<Limit>,
    },
    EditToken {
        id: String,
    },
}

/// Seconds from now.
#[derive(Debug, Clone, Copy, Default)]
pub struct Validity {
    start: Option<Time>,
    expiry: Option<Time>,
}

impl Validity {
    fn throw(dice: &mut Dice) -> Self {
        let start = dice.one_in(8).then(|| dice.between(0, 5) * DAY);
        let expiry = dice.one_in(3).then(|| start.unwrap_or(0) + dice.between(1, 40) * DAY / 2);
        Self { start, expiry }
    }

    fn parameters(self, now: Time, parameters: &mut Value) {
        let times = [("validityStart", self.start), ("validityExpiry", self.expiry)];
        for (name, after) in times {
            if let Some(after) = after {
                parameters[name] = (now + after).to_string().into();
            }
        }
    }

    pub fn set(self, now: Time, lasts: Option<Time>, token: &mut Token) {
        token.valid_from = now + self.start.unwrap_or(0);
        token.expires = self.expiry.map(|after| now + after).or(lasts.map(|lasts| token.valid_from + lasts));
    }
}

fn amount(dice: &mut Dice) -> Micros {
    match dice.below(6) {
        0 => dice.between(1, 30) * CENT,
        1 | 2 => dice.between(1, 12) * DOLLAR,
        3 | 4 => dice.between(100, 4_000) * CENT,
        _ => dice.between(50, 600) * DOLLAR,
    }
}

fn period(dice: &mut Dice) -> Period {
    let unit = *dice.pick(&[Unit::Day, Unit::Week, Unit::Month]).unwrap();
    Period { count: dice.between(1, 3), unit }
}

fn limits(dice: &mut Dice) -> Vec<Limit> {
    let mut limits = vec![Limit { is_amount: true, most: dice.between(5, 300) * DOLLAR, period: None }];
    for _ in 0..dice.below(3) {
        let is_amount = dice.one_in(2);
        let most = if is_amount { dice.between(2, 60) * DOLLAR } else { dice.between(1, 4) };
        let period = (!dice.one_in(3)).then(|| period(dice));
        limits.push(Limit { is_amount, most, period });
    }
    limits
}

fn limit_parameters(limits: &[Limit], parameters: &mut Value) {
    parameters["globalAmountLimit"] = dollars(limits[0].most).into();
    for (number, limit) in (1..).zip(&limits[1..]) {
        let (kind, value) =
            if limit.is_amount { ("Amount", dollars(limit.most)) } else { ("Count", limit.most.to_string()) };
        parameters[format!("usageLimitType{number}")] = kind.into();
        parameters[format!("usageLimitValue{number}")] = value.into();
        if let Some(period) = limit.period {
            parameters[format!("usageLimitPeriod{number}")] = period.text().into();
        }
    }
}

impl Click {
    pub fn throw(model: &Model<Ask>, dice: &mut Dice, reference: String) -> Self {
        let caller = usize::from(dice.one_in(4));
        // Mostly a buyer, John; everybody now and then.
        let mut person = if dice.one_in(2) { 0 } else { dice.below(model.accounts.len()) };
        let recipients: Vec<&Token> = model
            .tokens
            .iter()
            .filter(|token| token.caller == caller && token.role == Role::Recipient)
            .collect();
        let to = dice.pick(&recipients).map(|token| token.id.clone()).filter(|_| !dice.one_in(3));
        let pipeline = match dice.below(22) {
            0..=6 => Pipeline::SingleUse { amount: amount(dice), to },
            7..=9 => {
                let rule = *dice.pick(&[Rule::Exactly, Rule::AtMost, Rule::AtLeast]).unwrap();
                let each = dice.one_in(2).then(|| (rule, dice.between(1, 20) * DOLLAR));
                let mut to: Vec<String> = to.into_iter().collect();
                to.extend(dice.pick(&recipients).map(|token| token.id.clone()).filter(|_| !to.is_empty()));
                to.dedup();
                Pipeline::MultiUse { each, limits: limits(dice), to, validity: Validity::throw(dice) }
            }
            10 | 11 => Pipeline::Recurring {
                amount: dice.between(1, 30) * DOLLAR,
                period: period(dice),
                to,
                validity: Validity::throw(dice),
            },
            12..=14 => {
                person = if dice.one_in(2) { dice.below(model.accounts.len()) } else { person.max(2) };
                let takes = match dice.below(4) {
                    0 => vec![Method::Abt],
                    1 => vec![Method::Abt, Method::Cc],
                    _ => vec![Method::Abt, Method::Ach, Method::Cc],
                };
                Pipeline::Recipient {
                    pays_fee: dice.one_in(2),
                    fixed: (!dice.one_in(4)).then(|| dice.between(0, 100) * CENT),
                    variable: (!dice.one_in(4)).then(|| dice.between(0, 2_000)),
                    takes,
                    validity: Validity::throw(dice),
                }
            }
            15 | 16 => Pipeline::SetupPrepaid { amount: dice.between(1, 400) * 10 * DOLLAR },
            17 | 18 => {
                Pipeline::SetupPostpaid { credit: dice.between(2, 100) * DOLLAR, limits: limits(dice) }
            }
            _ => {
                let now = model.now;
                let editable = |token: &&Token| token.role == Role::Sender && token.is_active(now);
                let editable: Vec<&Token> = model.tokens.iter().filter(editable).collect();
                let any = dice.pick(&model.tokens).filter(|_| dice.one_in(4));
                let edited = any.or(dice.pick(&editable).copied()).unwrap_or(&model.tokens[0]);
                if !dice.one_in(4) {
                    person = edited.owner;
                }
                Pipeline::EditToken { id: edited.id.clone() }
            }
        };
        let methods = model.accounts[person].methods;
        let any = [Method::Abt, Method::Ach, Method::Cc];
        let method = *dice.pick(methods).filter(|_| !dice.one_in(12)).unwrap_or(&any[dice.below(3)]);
        Self { caller, person, method, reference, pipeline }
    }

    pub fn name(&self) -> &'static str {
        match self.pipeline {
            Pipeline::SingleUse { .. } => "SingleUse",
            Pipeline::MultiUse { .. } => "MultiUse",
            Pipeline::Recurring { .. } => "Recurring",
            Pipeline::Recipient { .. } => "Recipient",
            Pipeline::SetupPrepaid { .. } => "SetupPrepaid",
            Pipeline::SetupPostpaid { .. } => "SetupPostpaid",
            Pipeline::EditToken { .. } => "EditToken",
        }
    }

    pub fn parameters(&self, now: Time) -> Value {
        let mut parameters = json!({});
        let set_token = |parameters: &mut Value, to: &Option<String>| {
            if let Some(to) = to {
                parameters["recipientToken"] = to.clone().into();
            }
        };
        match &self.pipeline {
            Pipeline::SingleUse { amount, to } => {
                parameters["transactionAmount"] = dollars(*amount).into();
                set_token(&mut parameters, to);
            }
            Pipeline::MultiUse { each, limits, to, validity } => {
                if let Some((rule, amount)) = each {
                    let word = match rule {
                        Rule::Exactly => "Exact",
                        Rule::AtMost => "Maximum",
                        Rule::AtLeast => "Minimum",
                    };
                    parameters["amountType"] = word.into();
                    parameters["transactionAmount"] = dollars(*amount).into();
                }
                limit_parameters(limits, &mut parameters);
                if !to.is_empty() {
                    parameters["recipientTokenList"] = to.join(",").into();
                }
                validity.parameters(now, &mut parameters);
            }
            Pipeline::Recurring { amount, period, to, validity } => {
                parameters["transactionAmount"] = dollars(*amount).into();
                parameters["recurringPeriod"] = period.text().into();
                set_token(&mut parameters, to);
                validity.parameters(now, &mut parameters);
            }
            Pipeline::Recipient { pays_fee, fixed, variable, takes, validity } => {
                parameters["recipientPaysFee"] = if *pays_fee { "True" } else { "False" }.into();
                if let Some(fixed) = fixed {
                    parameters["maxFixedFee"] = dollars(*fixed).into();
                }
                if let Some(variable) = variable {
                    parameters["maxVariableFee"] = percentage(*variable).into();
                }
                let words: Vec<&str> = takes.iter().map(|method| method.word()).collect();
                parameters["paymentMethod"] = words.join(",").into();
                validity.parameters(now, &mut parameters);
            }
            Pipeline::SetupPrepaid { amount } => {
                parameters["callerReferenceSender"] = self.reference.clone().into();
                parameters["callerReferenceFunding"] = format!("{}-source", self.reference).into();
                parameters["fundingAmount"] = dollars(*amount).into();
            }
            Pipeline::SetupPostpaid { credit, limits } => {
                parameters["callerReferenceSender"] = self.reference.clone().into();
                parameters["callerReferenceSettlement"] = format!("{}-source", self.reference).into();
                parameters["creditLimit"] = dollars(*credit).into();
                limit_parameters(limits, &mut parameters);
            }
            Pipeline::EditToken { id } => parameters["tokenId"] = id.clone().into(),
        }
        parameters
    }
}
