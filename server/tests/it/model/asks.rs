//! What can be asked that moves money or changes tokens, and how it goes over the wire.

use super::books::{Micros, Payer, dollars};
use super::state::Policy;

/// A request, with ids as they are on the wire. Two that are equal are the same request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    Pay(Payment),
    Settle {
        id: String,
        amount: Option<Micros>,
    },
    Cancel {
        id: String,
    },
    Refund(Refund),
    /// `FundPrepaid`, or else `SettleDebt`.
    Transfer {
        funds: bool,
        token: String,
        instrument: String,
        amount: Micros,
        reference: String,
    },
    WriteOff {
        instrument: String,
        amount: Micros,
        reference: String,
    },
    CancelToken {
        id: String,
    },
    CancelSubscription {
        id: String,
        amount: Option<Micros>,
        reference: Option<String>,
    },
    Install {
        text: &'static str,
        kind: &'static str,
        reason: Option<&'static str>,
        reference: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub reserves: bool,
    pub sender: String,
    pub recipient: Option<String>,
    pub amount: Micros,
    pub payer: Option<Payer>,
    pub fixed: Option<Micros>,
    /// In hundredths of a percent.
    pub variable: Option<i64>,
    pub minutes: Option<i64>,
    pub reference: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub id: String,
    pub amount: Option<Micros>,
    pub policy: Option<Policy>,
    pub token: Option<String>,
    pub reference: String,
}

/// A request's own parameters.
pub type Fields = Vec<(&'static str, String)>;

fn amount(name: [&'static str; 2], value: Micros) -> Fields {
    vec![(name[0], "USD".to_owned()), (name[1], dollars(value))]
}

const TRANSACTION_AMOUNT: [&str; 2] = ["TransactionAmount.CurrencyCode", "TransactionAmount.Value"];
const REFUND_AMOUNT: [&str; 2] = ["RefundAmount.CurrencyCode", "RefundAmount.Value"];

impl Ask {
    pub fn action(&self) -> &'static str {
        match self {
            Self::Pay(Payment { reserves: false, .. }) => "Pay",
            Self::Pay(_) => "Reserve",
            Self::Settle { .. } => "Settle",
            Self::Cancel { .. } => "Cancel",
            Self::Refund(_) => "Refund",
            Self::Transfer { funds: true, .. } => "FundPrepaid",
            Self::Transfer { .. } => "SettleDebt",
            Self::WriteOff { .. } => "WriteOffDebt",
            Self::CancelToken { .. } => "CancelToken",
            Self::CancelSubscription { .. } => "CancelSubscriptionAndRefund",
            Self::Install { .. } => "InstallPaymentInstruction",
        }
    }

    /// What a repetition is known by for seven days.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Pay(Payment { reference, .. })
            | Self::Refund(Refund { reference, .. })
            | Self::Transfer { reference, .. }
            | Self::WriteOff { reference, .. }
            | Self::CancelSubscription { reference: Some(reference), .. } => Some(reference),
            _ => None,
        }
    }

    /// Another request under the same reference.
    pub fn changed(&self) -> Self {
        let mut changed = self.clone();
        match &mut changed {
            Self::Pay(Payment { amount, .. })
            | Self::Transfer { amount, .. }
            | Self::WriteOff { amount, .. } => *amount += super::books::CENT,
            Self::Refund(Refund { amount, .. })
            | Self::Settle { amount, .. }
            | Self::CancelSubscription { amount, reference: Some(_), .. } => {
                *amount = Some(amount.unwrap_or_default() + super::books::CENT);
            }
            Self::Install { reason, .. } => *reason = Some("another reason"),
            Self::Cancel { .. } | Self::CancelToken { .. } | Self::CancelSubscription { .. } => {}
        }
        changed
    }

    pub fn fields(&self) -> Fields {
        match self {
            Self::Pay(payment) => payment.fields(),
            Self::Refund(refund) => refund.fields(),
            Self::Settle { id, amount: part } => {
                let part = part.map(|part| amount(TRANSACTION_AMOUNT, part));
                [vec![("ReserveTransactionId", id.clone())], part.unwrap_or_default()].concat()
            }
            Self::Cancel { id } => vec![("TransactionId", id.clone())],
            Self::Transfer { funds, token, instrument, amount: value, reference } => {
                let (name, names) = if *funds {
                    ("PrepaidInstrumentId", ["FundingAmount.CurrencyCode", "FundingAmount.Value"])
                } else {
                    ("CreditInstrumentId", ["SettlementAmount.CurrencyCode", "SettlementAmount.Value"])
                };
                let own = vec![
                    ("SenderTokenId", token.clone()),
                    (name, instrument.clone()),
                    ("CallerReference", reference.clone()),
                ];
                [own, amount(names, *value)].concat()
            }
            Self::WriteOff { instrument, amount: value, reference } => {
                let names = ["AdjustmentAmount.CurrencyCode", "AdjustmentAmount.Value"];
                let own =
                    vec![("CreditInstrumentId", instrument.clone()), ("CallerReference", reference.clone())];
                [own, amount(names, *value)].concat()
            }
            Self::CancelToken { id } => vec![("TokenId", id.clone())],
            Self::CancelSubscription { id, amount: part, reference } => {
                let mut fields = vec![("SubscriptionId", id.clone())];
                fields.extend(part.map(|part| amount(REFUND_AMOUNT, part)).unwrap_or_default());
                fields.extend(reference.clone().map(|reference| ("CallerReference", reference)));
                fields
            }
            Self::Install { text, kind, reason, reference } => {
                let mut fields = vec![
                    ("PaymentInstruction", (*text).to_owned()),
                    ("TokenType", (*kind).to_owned()),
                    ("CallerReference", reference.clone()),
                ];
                fields.extend(reason.map(|reason| ("PaymentReason", reason.to_owned())));
                fields
            }
        }
    }
}

/// Hundredths of a percent as the wire has them.
pub fn percentage(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

impl Payment {
    fn fields(&self) -> Fields {
        let mut fields =
            vec![("SenderTokenId", self.sender.clone()), ("CallerReference", self.reference.clone())];
        fields.extend(amount(TRANSACTION_AMOUNT, self.amount));
        fields.extend(self.recipient.clone().map(|id| ("RecipientTokenId", id)));
        fields.extend(self.payer.map(|payer| ("ChargeFeeTo", format!("{payer:?}"))));
        let names = ["MarketplaceFixedFee.CurrencyCode", "MarketplaceFixedFee.Value"];
        fields.extend(self.fixed.map(|fee| amount(names, fee)).unwrap_or_default());
        fields.extend(self.variable.map(|fee| ("MarketplaceVariableFee", percentage(fee))));
        fields.extend(self.minutes.map(|minutes| ("TransactionTimeoutInMins", minutes.to_string())));
        fields
    }
}

impl Refund {
    fn fields(&self) -> Fields {
        let mut fields =
            vec![("TransactionId", self.id.clone()), ("CallerReference", self.reference.clone())];
        fields.extend(self.amount.map(|part| amount(REFUND_AMOUNT, part)).unwrap_or_default());
        let policy = self.policy.map(|policy| match policy {
            Policy::Master => "MasterTxnOnly",
            Policy::Marketplace => "MarketplaceTxnOnly",
            Policy::Both => "MasterAndMarketplaceTxn",
        });
        fields.extend(policy.map(|policy| ("MarketplaceRefundPolicy", policy.to_owned())));
        fields.extend(self.token.clone().map(|token| ("RefundTokenId", token)));
        fields
    }
}
