//! What the sandbox simulated: token ids that stand for accounts in trouble, and amounts that fail
//! (fps.md §6.4).

use fps_protocol::actions::PaymentRequest;
use fps_protocol::ids::TokenId;
use fps_protocol::{ErrorCode, FpsError};
use money::{MICROS_PER_CENT, Money};

const SENDERS: [(&str, ErrorCode, &str); 3] = [
    (
        "E3FR7BARJV3PB631PMKV74PGKCJLBHI1Q1KMQN7BJ2JJICPDKN3N1CJIKFZ8D7NN",
        ErrorCode::UnverifiedEmailAddressSender,
        "The sender's e-mail address is not verified.",
    ),
    (
        "H216UECZ8ZM1G8G4QA3V7RKF8JDFZ9SI3SJAFSGUKBBNDHX1NVM8GUQRZNRNAHER",
        ErrorCode::InvalidAccountStateSender,
        "The sender's account is suspended.",
    ),
    (
        "Z1LGRXR4HMDZBSFKXELA32KZASGWD8IHMHZCK4DETR784LDLD1GMFW4P3WT8VTGX",
        ErrorCode::InvalidAccountStateSender,
        "The sender's account is closed.",
    ),
];

const RECIPIENTS: [(&str, ErrorCode, &str); 3] = [
    (
        "C4LGSEMXN11FTUXZ2X2C7QVFHN5DVBGQJNF17AIQXXXQSX4DRG4KJFCN2KRFUUZI",
        ErrorCode::UnverifiedEmailAddressRecipient,
        "The recipient's e-mail address is not verified.",
    ),
    (
        "R3VK49XVGCAZTJSXKN7ZSBHPMFGKM5VEEQTXGMVE8CFUZ2G5RLLMAB4J6TQRL6BU",
        ErrorCode::InvalidAccountStateRecipient,
        "The recipient's account is suspended.",
    ),
    (
        "P1LL7A1LHK935DBGI5NAYCXOCLVEBHBNIU7PBXBAMRKKNLDEPI8M3MUSLZT2VANZ",
        ErrorCode::InvalidAccountStateRecipient,
        "The recipient's account is closed.",
    ),
];

/// Refuses a payment with one of the sandbox's tokens.
pub fn check_magic_tokens(request: &PaymentRequest) -> Result<(), FpsError> {
    let recipient = request.recipient_token_id.as_ref().map_or("", TokenId::as_str);
    let sender = SENDERS.iter().find(|(id, ..)| *id == request.sender_token_id.as_str());
    let found = sender.or_else(|| RECIPIENTS.iter().find(|(id, ..)| *id == recipient));
    match found {
        Some((_, code, message)) => Err(FpsError::new(*code, *message)),
        None => Ok(()),
    }
}

/// Refuses the amounts N.6n, N.7n and N.8n.
pub fn check_magic_amount(amount: Money) -> Result<(), FpsError> {
    let (code, message) = match amount.micros() / (10 * MICROS_PER_CENT) % 10 {
        6 => (ErrorCode::TransactionDenied, "Simulated: the payment was declined for now."),
        7 => (ErrorCode::InsufficientBalance, "Simulated: the payment instrument has not enough funds."),
        8 => (ErrorCode::TransactionDenied, "Simulated: the payment was declined."),
        _ => return Ok(()),
    };
    Err(FpsError::new(code, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fps_protocol::ids::CallerReference;

    #[test]
    fn the_tenths_decide() {
        let verdict = |cents| check_magic_amount(Money::from_cents(cents)).err().map(|error| error.code);
        assert_eq!(verdict(160), Some(ErrorCode::TransactionDenied));
        assert_eq!(verdict(1079), Some(ErrorCode::InsufficientBalance));
        assert_eq!(verdict(89), Some(ErrorCode::TransactionDenied));
        for fine in [1, 6, 99, 100, 159, 190, 700] {
            assert_eq!(verdict(fine), None, "{fine}");
        }
    }

    #[test]
    fn the_sandbox_tokens_stand_for_accounts_in_trouble() {
        let request = |sender: &str, recipient: &str| {
            let mut request = PaymentRequest::new(
                TokenId::new(sender).unwrap(),
                Money::from_cents(100),
                CallerReference::new("c").unwrap(),
            );
            request.recipient_token_id = Some(TokenId::new(recipient).unwrap());
            check_magic_tokens(&request).err().map(|error| error.code)
        };
        for (id, code, _) in SENDERS {
            assert_eq!(request(id, "R"), Some(code));
        }
        for (id, code, _) in RECIPIENTS {
            assert_eq!(request("S", id), Some(code));
        }
        assert_eq!(request("S", "R"), None);
    }
}
