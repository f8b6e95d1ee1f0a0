//! Users who sell: becoming a merchant, the notices they get, and their desk.

pub mod desk;
pub mod notices;
pub mod opening;
pub mod records;

/// A user who sells. Can list items once registered as a recipient at Amazon Payments.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Merchant {
    pub id: String,
    pub user_id: String,
    pub name: String,
    /// Names the registration under way, or the last one, to Amazon: the Recipient pipeline's callerReference.
    pub registration_reference: Option<String>,
    pub recipient_token_id: Option<String>,
    pub refund_token_id: Option<String>,
    pub registered_at: Option<i64>,
    /// The registration was taken back at Amazon Payments, and there is no new one.
    pub cancelled_at: Option<i64>,
}

impl Merchant {
    pub fn is_registered(&self) -> bool {
        self.recipient_token_id.is_some() && self.refund_token_id.is_some()
    }
}
