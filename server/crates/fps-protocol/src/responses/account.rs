//! What the actions that ask about an account answer.

use super::reading::{amount, child, parsed};
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::enums::RecipientVerificationStatus;
use crate::xml::Element;
use money::Money;

/// `GetAccountBalance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountBalanceResult {
    pub total: Money,
    pub pending_in: Money,
    pub pending_out: Money,
    /// What can be paid out.
    pub disburse: Money,
    /// What refunds can be paid from.
    pub refund: Money,
}

/// `GetRecipientVerificationStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecipientVerificationResult {
    pub status: RecipientVerificationStatus,
}

impl ActionResult for AccountBalanceResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("AccountBalance", |xml| {
            xml.amount("TotalBalance", self.total);
            xml.amount("PendingInBalance", self.pending_in);
            xml.amount("PendingOutBalance", self.pending_out);
            xml.nested("AvailableBalances", |xml| {
                xml.amount("DisburseBalance", self.disburse);
                xml.amount("RefundBalance", self.refund);
            });
        });
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let balance = child(result, "AccountBalance")?;
        let available = child(balance, "AvailableBalances")?;
        Ok(Self {
            total: amount(balance, "TotalBalance")?,
            pending_in: amount(balance, "PendingInBalance")?,
            pending_out: amount(balance, "PendingOutBalance")?,
            disburse: amount(available, "DisburseBalance")?,
            refund: amount(available, "RefundBalance")?,
        })
    }
}

impl ActionResult for RecipientVerificationResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.leaf("RecipientVerificationStatus", self.status.as_str());
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        Ok(Self { status: parsed(result, "RecipientVerificationStatus")? })
    }
}
