//! One type for each kind of id, so that a merchant is never taken for a user. What can be an id is decided here
//! and nowhere else: an address with any other text in its place is of nothing that there is.

pub use fps_protocol::ids::{CallerReference, InstrumentId, TokenId, TransactionId};
use text_types::id;

/// A UUID, or a short name from the demo data. No NUL: PostgreSQL does not take it in text.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Made from a title, with a number or an id behind it where there are namesakes.
fn is_slug(text: &str) -> bool {
    let readable = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=128).contains(&text.len()) && text.bytes().all(readable)
}

id!(
    /// A person with an account.
    pub UserId,
    is_id
);

id!(
    /// A user's shop.
    pub MerchantId,
    is_id
);

id!(
    /// A seller in addresses: `/sellers/right-here-records`.
    pub SellerSlug,
    is_slug
);

id!(
    pub ItemId,
    is_id
);

id!(
    /// An item in addresses: `/items/now-and-forever`.
    pub ItemSlug,
    is_slug
);

id!(
    /// A category in addresses: `/?category=music`.
    pub CategorySlug,
    is_slug
);

id!(
    /// An order; part of its pages' addresses.
    pub OrderId,
    is_id
);

id!(
    /// What a buyer paid ahead, once.
    pub CreditId,
    is_id
);

id!(
    /// What takes something off a price.
    pub CouponId,
    is_id
);

id!(
    /// Orders that were placed together; part of their page's address.
    pub BasketId,
    is_id
);

id!(
    /// A line of the audit log.
    pub AuditId,
    is_id
);

id!(
    /// What the marketplace charges for whom, from when on.
    pub FeeRuleId,
    is_id
);

id!(
    /// What a merchant was told.
    pub NoticeId,
    is_id
);

id!(
    /// A mail; part of its page's address.
    pub MailId,
    is_id
);

id!(
    /// What buyer or seller wrote about an order.
    pub MessageId,
    is_id
);

id!(
    /// What a buyer says of what was bought.
    pub ReviewId,
    is_id
);

id!(
    /// A link in a mail that lets somebody in, as the database names it: the link itself carries something else.
    pub LinkId,
    |text| text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
);

id!(
    /// Amazon's name for a buyer's request for a refund.
    pub RefundRequestId,
    |text| (1..=128).contains(&text.len()) && !text.chars().any(char::is_control)
);

id!(
    /// What is the same of every sending of a notification: a SHA-256 in hexadecimal digits.
    pub NotificationDigest,
    |text| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_an_id_is_none() {
        assert!(OrderId::new("0190163d-8694-739b-aea5-966c26f8ad91").is_ok());
        for text in ["", "nul \0 and more", "a/b", "ünder", &"x".repeat(65)] {
            assert!(OrderId::new(text).is_err(), "{text:?}");
        }
        assert!(ItemSlug::new("now-and-forever").is_ok() && ItemSlug::new("Now and Forever").is_err());
        assert!(RefundRequestId::new("any text").is_ok() && RefundRequestId::new("a\nb").is_err());
    }
}
