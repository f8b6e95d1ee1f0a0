//! The life of a transaction, as a pure table: what can be done with it now, and what the answer is to
//! what cannot.

use crate::domain::transactions::{Kind, Life, Transaction};
use fps_protocol::ErrorCode;

/// An enum that knows its variants, so that a test can ask for every one of them.
macro_rules! listed_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        #[cfg(test)]
        impl $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }
    };
}

listed_enum! {
    /// Where a transaction is in its life. One status can be several states: a reserve is `Pending`
    /// before it is reserved and again while it is settled.
    pub enum State {
        PayPending,
        Paid,
        ReservePending,
        Reserved,
        SettlePending,
        Settled,
        Failed,
        Cancelled,
        RefundPending,
        RefundFinished,
        FundPending,
        Funded,
        DebtSettlePending,
        DebtSettled,
        DebtWrittenOff,
        /// The linked record of a marketplace fee; it follows its parent.
        MarketplaceFee,
    }
}

listed_enum! {
    /// What somebody wants to do with a transaction.
    pub enum Event {
        Settle,
        Cancel,
        Refund,
        /// The processor of cards and bank accounts answers.
        ProcessorAnswers,
        /// Its time is over.
        Expires,
    }
}

impl State {
    pub fn of(transaction: &Transaction) -> Self {
        match (&transaction.kind, &transaction.life) {
            (Kind::MarketplaceFee { .. }, _) | (_, Life::Follows { .. }) => Self::MarketplaceFee,
            (Kind::Refund { .. }, Life::Pending { .. }) => Self::RefundPending,
            (Kind::Refund { .. }, _) => Self::RefundFinished,
            (_, Life::Failed { .. }) => Self::Failed,
            (_, Life::Cancelled { .. }) => Self::Cancelled,
            (_, Life::Reserved { .. }) => Self::Reserved,
            (_, Life::Settling { .. }) => Self::SettlePending,
            (Kind::Payment, Life::Pending { .. }) => Self::PayPending,
            (Kind::Payment, Life::Completed { .. }) => Self::Paid,
            (Kind::Reserve, Life::Pending { .. }) => Self::ReservePending,
            (Kind::Reserve, Life::Completed { .. }) => Self::Settled,
            (Kind::FundPrepaid { .. }, Life::Pending { .. }) => Self::FundPending,
            (Kind::FundPrepaid { .. }, Life::Completed { .. }) => Self::Funded,
            (Kind::SettleDebt { .. }, Life::Pending { .. }) => Self::DebtSettlePending,
            (Kind::SettleDebt { .. }, Life::Completed { .. }) => Self::DebtSettled,
            (Kind::WriteOffDebt { .. }, _) => Self::DebtWrittenOff,
        }
    }

    /// May this happen now? If not, the code that says why.
    pub fn decide(self, event: Event) -> Result<(), ErrorCode> {
        match (self, event) {
            (Self::Reserved, Event::Settle | Event::Cancel | Event::Expires)
            | (
                Self::PayPending | Self::ReservePending | Self::FundPending | Self::DebtSettlePending,
                Event::Cancel | Event::ProcessorAnswers | Event::Expires,
            )
            | (Self::SettlePending | Self::RefundPending, Event::ProcessorAnswers)
            | (Self::Paid | Self::Settled, Event::Refund) => Ok(()),

            // Settle is for payments and reserves only, and so is Cancel but for what is on its way to a
            // prepaid balance or a debt.
            (
                Self::RefundPending | Self::RefundFinished | Self::MarketplaceFee | Self::DebtWrittenOff,
                Event::Settle | Event::Cancel,
            )
            | (
                Self::FundPending | Self::Funded | Self::DebtSettlePending | Self::DebtSettled,
                Event::Settle,
            ) => Err(ErrorCode::InvalidTransactionId),
            (
                Self::RefundPending
                | Self::RefundFinished
                | Self::MarketplaceFee
                | Self::FundPending
                | Self::Funded
                | Self::DebtSettlePending
                | Self::DebtSettled
                | Self::DebtWrittenOff,
                Event::Refund,
            ) => Err(ErrorCode::TransactionTypeNotRefundable),
            (Self::Failed | Self::Cancelled, Event::Refund) => Err(ErrorCode::OriginalTransactionFailed),
            // What is reserved must be settled first.
            (_, Event::Refund) => Err(ErrorCode::OriginalTransactionIncomplete),

            (_, Event::Settle | Event::Cancel | Event::ProcessorAnswers | Event::Expires) => {
                Err(ErrorCode::InvalidTransactionState)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Event::{Cancel, Expires, ProcessorAnswers, Refund, Settle};
    use super::State::{
        Cancelled, DebtSettlePending, DebtSettled, DebtWrittenOff, Failed, FundPending, Funded,
        MarketplaceFee, Paid, PayPending, RefundFinished, RefundPending, ReservePending, Reserved,
        SettlePending, Settled,
    };
    use super::*;
    use fps_protocol::ErrorCode::{
        InvalidTransactionId as BadId, InvalidTransactionState as BadState,
        OriginalTransactionFailed as OrigFailed, OriginalTransactionIncomplete as Incomplete,
        TransactionTypeNotRefundable as NotRefundable,
    };

    /// Every pair, so that a new state or event has to say what it means. The codes are those of the
    /// error table (fps.md §5, §6.3); which of them a processor or the clock gets nobody outside sees.
    const TABLE: &[(State, Event, Result<(), ErrorCode>)] = &[
        (PayPending, Settle, Err(BadState)),
        (PayPending, Cancel, Ok(())),
        (PayPending, Refund, Err(Incomplete)),
        (PayPending, ProcessorAnswers, Ok(())),
        (PayPending, Expires, Ok(())),
        (Paid, Settle, Err(BadState)),
        (Paid, Cancel, Err(BadState)),
        (Paid, Refund, Ok(())),
        (Paid, ProcessorAnswers, Err(BadState)),
        (Paid, Expires, Err(BadState)),
        (ReservePending, Settle, Err(BadState)),
        (ReservePending, Cancel, Ok(())),
        (ReservePending, Refund, Err(Incomplete)),
        (ReservePending, ProcessorAnswers, Ok(())),
        (ReservePending, Expires, Ok(())),
        (Reserved, Settle, Ok(())),
        (Reserved, Cancel, Ok(())),
        (Reserved, Refund, Err(Incomplete)),
        (Reserved, ProcessorAnswers, Err(BadState)),
        (Reserved, Expires, Ok(())),
        (SettlePending, Settle, Err(BadState)),
        (SettlePending, Cancel, Err(BadState)),
        (SettlePending, Refund, Err(Incomplete)),
        (SettlePending, ProcessorAnswers, Ok(())),
        (SettlePending, Expires, Err(BadState)),
        (Settled, Settle, Err(BadState)),
        (Settled, Cancel, Err(BadState)),
        (Settled, Refund, Ok(())),
        (Settled, ProcessorAnswers, Err(BadState)),
        (Settled, Expires, Err(BadState)),
        (Failed, Settle, Err(BadState)),
        (Failed, Cancel, Err(BadState)),
        (Failed, Refund, Err(OrigFailed)),
        (Failed, ProcessorAnswers, Err(BadState)),
        (Failed, Expires, Err(BadState)),
        (Cancelled, Settle, Err(BadState)),
        (Cancelled, Cancel, Err(BadState)),
        (Cancelled, Refund, Err(OrigFailed)),
        (Cancelled, ProcessorAnswers, Err(BadState)),
        (Cancelled, Expires, Err(BadState)),
        (RefundPending, Settle, Err(BadId)),
        (RefundPending, Cancel, Err(BadId)),
        (RefundPending, Refund, Err(NotRefundable)),
        (RefundPending, ProcessorAnswers, Ok(())),
        (RefundPending, Expires, Err(BadState)),
        (RefundFinished, Settle, Err(BadId)),
        (RefundFinished, Cancel, Err(BadId)),
        (RefundFinished, Refund, Err(NotRefundable)),
        (RefundFinished, ProcessorAnswers, Err(BadState)),
        (RefundFinished, Expires, Err(BadState)),
        (FundPending, Settle, Err(BadId)),
        (FundPending, Cancel, Ok(())),
        (FundPending, Refund, Err(NotRefundable)),
        (FundPending, ProcessorAnswers, Ok(())),
        (FundPending, Expires, Ok(())),
        (Funded, Settle, Err(BadId)),
        (Funded, Cancel, Err(BadState)),
        (Funded, Refund, Err(NotRefundable)),
        (Funded, ProcessorAnswers, Err(BadState)),
        (Funded, Expires, Err(BadState)),
        (DebtSettlePending, Settle, Err(BadId)),
        (DebtSettlePending, Cancel, Ok(())),
        (DebtSettlePending, Refund, Err(NotRefundable)),
        (DebtSettlePending, ProcessorAnswers, Ok(())),
        (DebtSettlePending, Expires, Ok(())),
        (DebtSettled, Settle, Err(BadId)),
        (DebtSettled, Cancel, Err(BadState)),
        (DebtSettled, Refund, Err(NotRefundable)),
        (DebtSettled, ProcessorAnswers, Err(BadState)),
        (DebtSettled, Expires, Err(BadState)),
        (DebtWrittenOff, Settle, Err(BadId)),
        (DebtWrittenOff, Cancel, Err(BadId)),
        (DebtWrittenOff, Refund, Err(NotRefundable)),
        (DebtWrittenOff, ProcessorAnswers, Err(BadState)),
        (DebtWrittenOff, Expires, Err(BadState)),
        (MarketplaceFee, Settle, Err(BadId)),
        (MarketplaceFee, Cancel, Err(BadId)),
        (MarketplaceFee, Refund, Err(NotRefundable)),
        (MarketplaceFee, ProcessorAnswers, Err(BadState)),
        (MarketplaceFee, Expires, Err(BadState)),
    ];

    #[test]
    fn every_pair_is_decided() {
        for state in State::ALL {
            for event in Event::ALL {
                let mut rows = TABLE.iter().filter(|(s, e, _)| (s, e) == (state, event));
                let (_, _, expected) =
                    rows.next().unwrap_or_else(|| panic!("{state:?} {event:?} is not in the table"));
                assert_eq!(rows.next(), None, "{state:?} {event:?} stands twice");
                assert_eq!(state.decide(*event), *expected, "{state:?} {event:?}");
            }
        }
        assert_eq!(TABLE.len(), State::ALL.len() * Event::ALL.len());
    }
}
