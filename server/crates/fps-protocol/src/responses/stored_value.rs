//! What the actions that ask for prepaid balances and debts answer.

use super::reading::{amount, child, optional_amount};
use super::{ActionResult, ApiFailure, ResultWriter};
use crate::xml::Element;
use money::Money;

/// `GetPrepaidBalance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrepaidBalanceResult {
    pub available: Money,
    /// On its way to it.
    pub pending_in: Option<Money>,
}

/// `GetTotalPrepaidLiability`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrepaidLiabilityResult {
    pub outstanding: Money,
    pub pending_in: Option<Money>,
}

/// `GetDebtBalance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DebtBalanceResult {
    pub available: Money,
    /// Being settled.
    pub pending_out: Option<Money>,
}

/// `GetOutstandingDebtBalance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutstandingDebtResult {
    pub outstanding: Money,
    pub pending_out: Option<Money>,
}

impl ActionResult for PrepaidBalanceResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("PrepaidBalance", |xml| {
            xml.amount("AvailableBalance", self.available);
            xml.optional_amount("PendingInBalance", self.pending_in);
        });
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let balance = child(result, "PrepaidBalance")?;
        Ok(Self {
            available: amount(balance, "AvailableBalance")?,
            pending_in: optional_amount(balance, "PendingInBalance")?,
        })
    }
}

impl ActionResult for PrepaidLiabilityResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("OutstandingPrepaidLiability", |xml| {
            xml.amount("OutstandingBalance", self.outstanding);
            xml.optional_amount("PendingInBalance", self.pending_in);
        });
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let liability = child(result, "OutstandingPrepaidLiability")?;
        Ok(Self {
            outstanding: amount(liability, "OutstandingBalance")?,
            pending_in: optional_amount(liability, "PendingInBalance")?,
        })
    }
}

impl ActionResult for DebtBalanceResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("DebtBalance", |xml| {
            xml.amount("AvailableBalance", self.available);
            xml.optional_amount("PendingOutBalance", self.pending_out);
        });
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let balance = child(result, "DebtBalance")?;
        Ok(Self {
            available: amount(balance, "AvailableBalance")?,
            pending_out: optional_amount(balance, "PendingOutBalance")?,
        })
    }
}

impl ActionResult for OutstandingDebtResult {
    fn write(&self, xml: &mut ResultWriter) {
        xml.nested("OutstandingDebt", |xml| {
            xml.amount("OutstandingBalance", self.outstanding);
            xml.optional_amount("PendingOutBalance", self.pending_out);
        });
    }

    fn read(result: &Element) -> Result<Self, ApiFailure> {
        let debt = child(result, "OutstandingDebt")?;
        Ok(Self {
            outstanding: amount(debt, "OutstandingBalance")?,
            pending_out: optional_amount(debt, "PendingOutBalance")?,
        })
    }
}
