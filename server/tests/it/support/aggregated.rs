//! What John can have set up with a caller: prepaid, postpaid, a subscription, an agreement of many uses.

use super::{App, recipient_token};
use serde_json::{Value, json};

/// What a pipeline brought back, by name.
pub struct Setup(Value);

impl Setup {
    #[track_caller]
    pub fn get(&self, name: &str) -> String {
        let value = self.0["return_parameters"][name].as_str();
        value.unwrap_or_else(|| panic!("no {name} in {}", self.0)).to_owned()
    }
}

/// The marketplace earns ten dollars from a sale of John's: fees of its own have to come from somewhere.
pub async fn let_the_caller_earn(app: &App) {
    let token = app.sender_token("DDCALLER000000000001", "john@example.com", "ABT", "50.00", "earned").await;
    let fields = [
        ("SenderTokenId", token.as_str()),
        ("RecipientTokenId", &recipient_token(0)),
        ("TransactionAmount.CurrencyCode", "USD"),
        ("TransactionAmount.Value", "50.00"),
        ("MarketplaceVariableFee", "20"),
        ("CallerReference", "earned"),
    ];
    let paid = app.caller().call("Pay", &fields).await;
    assert_eq!(paid.outcome(), "Success");
}

/// John's click through a setup, paying from his balance; `reference` is the beginning of the two.
pub async fn prepaid(app: &App, access_key: &str, reference: &str, amount: &str) -> Setup {
    let parameters = json!({
        "callerReferenceSender": format!("{reference}-sender"),
        "callerReferenceFunding": format!("{reference}-funding"),
        "fundingAmount": amount,
    });
    Setup(app.click(access_key, "SetupPrepaid", "john@example.com", "ABT", reference, parameters).await)
}

pub async fn postpaid(app: &App, access_key: &str, reference: &str, limit: &str) -> Setup {
    let parameters = json!({
        "callerReferenceSender": format!("{reference}-sender"),
        "callerReferenceSettlement": format!("{reference}-settlement"),
        "creditLimit": limit, "globalAmountLimit": limit,
    });
    Setup(app.click(access_key, "SetupPostpaid", "john@example.com", "ABT", reference, parameters).await)
}

/// A recurring sender token; its id is the subscription's.
pub async fn subscription(app: &App, access_key: &str, reference: &str, amount: &str) -> Setup {
    let mut parameters = json!({ "transactionAmount": amount, "recurringPeriod": "1 Month" });
    if access_key == "DDCALLER000000000001" {
        parameters["recipientToken"] = recipient_token(0).into();
    }
    Setup(app.click(access_key, "Recurring", "john@example.com", "ABT", reference, parameters).await)
}
