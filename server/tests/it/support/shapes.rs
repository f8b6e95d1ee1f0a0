//! What a request of every action looks like: its parameters, which of them it must have, and what kind
//! of value each takes (fps.md §3).

/// The kind of a parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `X.CurrencyCode` and `X.Value`, above zero.
    Amount,
    /// The same, and zero is one.
    Fee,
    Percent,
    /// A whole number above zero.
    Count,
    Date,
    Token,
    Instrument,
    Transaction,
    Reference,
    /// One of a closed set; this is one of them.
    Word(&'static str),
    Text,
    Url,
}

#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

use Kind::{Amount, Count, Date, Fee, Instrument, Percent, Reference, Text, Token, Transaction, Url, Word};

const PAYMENT: &[Field] = &[
    must("SenderTokenId", Token),
    may("RecipientTokenId", Token),
    must("TransactionAmount", Amount),
    may("ChargeFeeTo", Word("Recipient")),
    must("CallerReference", Reference),
    may("CallerDescription", Text),
    may("SenderDescription", Text),
    may("DescriptorPolicy.SoftDescriptorType", Word("Static")),
    may("DescriptorPolicy.CSOwner", Word("Recipient")),
    may("TransactionTimeoutInMins", Count),
    may("MarketplaceFixedFee", Fee),
    may("MarketplaceVariableFee", Percent),
    may("OverrideIPNURL", Url),
];

/// Every action of the documented API, and the one misspelling that a client sends.
pub const SHAPES: &[(&str, &[Field])] = &[
    ("Pay", PAYMENT),
    ("Reserve", PAYMENT),
    (
        "Settle",
        &[
            must("ReserveTransactionId", Transaction),
            may("TransactionAmount", Amount),
            may("OverrideIPNURL", Url),
        ],
    ),
    ("Cancel", &[must("TransactionId", Transaction), may("Description", Text), may("OverrideIPNURL", Url)]),
    (
        "Refund",
        &[
            must("TransactionId", Transaction),
            may("RefundAmount", Amount),
            must("CallerReference", Reference),
            may("CallerDescription", Text),
            may("MarketplaceRefundPolicy", Word("MasterTxnOnly")),
            may("RefundTokenId", Token),
            may("OverrideIPNURL", Url),
        ],
    ),
    ("GetTransactionStatus", &[must("TransactionId", Transaction)]),
    ("GetTransaction", &[must("TransactionId", Transaction)]),
    ("GetRecipientVerificationStatus", &[must("RecipientTokenId", Token)]),
    ("VerifySignature", &[must("UrlEndPoint", Url), must("HttpParameters", Text)]),
    ("CancelToken", &[must("TokenId", Token), may("ReasonText", Text), may("OverrideIPNURL", Url)]),
    ("GetTokenByCaller", &[may("TokenId", Token)]),
    ("GetTokenUsage", &[must("TokenId", Token)]),
    (
        "GetTokens",
        &[
            may("TokenStatus", Word("Active")),
            may("TokenType", Word("SingleUse")),
            may("CallerReference", Reference),
            may("TokenFriendlyName", Text),
        ],
    ),
    (
        "GetAccountActivity",
        &[
            may("MaxBatchSize", Count),
            must("StartDate", Date),
            may("EndDate", Date),
            may("SortOrderByDate", Word("Ascending")),
            may("FPSOperation", Word("Pay")),
            may("PaymentMethod", Word("CC")),
            may("Role.1", Word("Sender")),
            may("TransactionStatus", Word("Success")),
        ],
    ),
    ("GetAccountBalance", &[]),
    ("GetPaymentInstruction", &[must("TokenId", Token)]),
    (
        "InstallPaymentInstruction",
        &[
            must("PaymentInstruction", Text),
            may("TokenFriendlyName", Text),
            must("CallerReference", Reference),
            must("TokenType", Word("Unrestricted")),
            may("PaymentReason", Text),
        ],
    ),
    (
        "FundPrepaid",
        &[
            must("SenderTokenId", Token),
            must("PrepaidInstrumentId", Instrument),
            must("FundingAmount", Amount),
            must("CallerReference", Reference),
            may("SenderDescription", Text),
            may("CallerDescription", Text),
            may("DescriptorPolicy.SoftDescriptorType", Word("Static")),
            may("DescriptorPolicy.CSOwner", Word("Caller")),
            may("TransactionTimeoutInMins", Count),
            may("OverrideIPNURL", Url),
        ],
    ),
    ("GetPrepaidBalance", &[must("PrepaidInstrumentId", Instrument)]),
    ("GetTotalPrepaidLiability", &[]),
    ("GetDebtBalance", &[must("CreditInstrumentId", Instrument)]),
    ("GetOutstandingDebtBalance", &[]),
    ("GetOutStandingDebtBalance", &[]),
    (
        "SettleDebt",
        &[
            must("SenderTokenId", Token),
            must("CreditInstrumentId", Instrument),
            must("SettlementAmount", Amount),
            must("CallerReference", Reference),
            may("SenderDescription", Text),
            may("CallerDescription", Text),
            may("DescriptorPolicy.SoftDescriptorType", Word("Static")),
            may("DescriptorPolicy.CSOwner", Word("Caller")),
            may("TransactionTimeoutInMins", Count),
            may("OverrideIPNURL", Url),
        ],
    ),
    (
        "WriteOffDebt",
        &[
            must("CreditInstrumentId", Instrument),
            must("AdjustmentAmount", Amount),
            must("CallerReference", Reference),
            may("CallerDescription", Text),
        ],
    ),
    (
        "CancelSubscriptionAndRefund",
        &[
            must("SubscriptionId", Token),
            may("RefundAmount", Amount),
            may("CallerReference", Reference),
            may("CancelReason", Text),
        ],
    ),
    ("GetSubscriptionDetails", &[must("SubscriptionId", Token)]),
    ("GetTransactionsForSubscription", &[must("SubscriptionId", Token)]),
];

/// A request's own parameters.
pub type Pairs = Vec<(String, String)>;

impl Field {
    /// Its parameters, with a value that is right in form and names nothing that exists.
    fn good(&self) -> Pairs {
        let one = |value: &str| vec![(self.name.to_owned(), value.to_owned())];
        match self.kind {
            Amount | Fee => vec![
                (format!("{}.CurrencyCode", self.name), "USD".to_owned()),
                (format!("{}.Value", self.name), "1.00".to_owned()),
            ],
            Percent | Count => one("5"),
            Date => one("2030-06-01"),
            Token | Instrument => one(&"X".repeat(64)),
            Transaction => one(&"X".repeat(35)),
            Reference => one("reference"),
            Word(word) => one(word),
            Text => one("text"),
            Url => one("http://127.0.0.1:9/ipn"),
        }
    }

    /// The parameter that has the value.
    pub fn value_name(&self) -> String {
        match self.kind {
            Amount | Fee => format!("{}.Value", self.name),
            _ => self.name.to_owned(),
        }
    }
}

/// The request with all its parameters, right in form.
pub fn full(fields: &[Field]) -> Pairs {
    fields.iter().flat_map(Field::good).collect()
}

/// The same request with another value of one parameter.
pub fn with(pairs: &Pairs, name: &str, value: &str) -> Pairs {
    let replace =
        |(n, v): &(String, String)| (n.clone(), if n == name { value.to_owned() } else { v.clone() });
    pairs.iter().map(replace).collect()
}

/// The same request without a parameter and its parts.
pub fn without(pairs: &Pairs, name: &str) -> Pairs {
    let part = format!("{name}.");
    pairs.iter().filter(|(n, _)| n != name && !n.starts_with(&part)).cloned().collect()
}
