//! The answers about prepaid balances and debts; the schema judges them with all others.

use fps_protocol::ApiVersion;
use fps_protocol::actions::Action;
use fps_protocol::enums::TransactionStatus;
use fps_protocol::ids::TransactionId;
use fps_protocol::responses::{
    self, DebtBalanceResult, OutstandingDebtResult, PrepaidBalanceResult, PrepaidLiabilityResult, Response,
    TransactionResult,
};
use money::Money;

/// With what is pending and without.
pub fn answers() -> Vec<Response> {
    let mut answers = Vec::new();
    for transaction_status in [TransactionStatus::Pending, TransactionStatus::Success] {
        let transaction_id = TransactionId::new("14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22").unwrap();
        let result = TransactionResult { transaction_id, transaction_status };
        answers.extend([
            Response::FundPrepaid(result.clone()),
            Response::SettleDebt(result.clone()),
            Response::WriteOffDebt(result),
        ]);
    }
    let amount = Money::from_micros(1_250_000);
    for pending in [None, Some(amount)] {
        answers.extend([
            Response::GetPrepaidBalance(PrepaidBalanceResult { available: amount, pending_in: pending }),
            Response::GetTotalPrepaidLiability(PrepaidLiabilityResult {
                outstanding: amount,
                pending_in: pending,
            }),
            Response::GetDebtBalance(DebtBalanceResult { available: amount, pending_out: pending }),
            Response::GetOutstandingDebtBalance(OutstandingDebtResult {
                outstanding: amount,
                pending_out: pending,
            }),
        ]);
    }
    answers
}

#[test]
fn a_client_reads_what_a_server_writes() {
    for answer in answers() {
        let (action, xml) = (answer.action(), answer.to_xml(ApiVersion::V2010, "r"));
        let read = match answer {
            Response::GetPrepaidBalance(_) => {
                Response::GetPrepaidBalance(responses::parse(action, &xml).unwrap().result)
            }
            Response::GetTotalPrepaidLiability(_) => {
                Response::GetTotalPrepaidLiability(responses::parse(action, &xml).unwrap().result)
            }
            Response::GetDebtBalance(_) => {
                Response::GetDebtBalance(responses::parse(action, &xml).unwrap().result)
            }
            Response::GetOutstandingDebtBalance(_) => {
                Response::GetOutstandingDebtBalance(responses::parse(action, &xml).unwrap().result)
            }
            _ => continue,
        };
        assert_eq!(read, answer);
    }
}

/// A client of 2008 asks for it so, and reads an element that is spelt as all others spell it.
#[test]
fn the_misspelt_action_is_answered_by_its_name() {
    let result = OutstandingDebtResult { outstanding: Money::from_cents(125), pending_out: None };
    let asked = Response::GetOutStandingDebtBalance(result).to_xml(ApiVersion::V2008, "r");
    let usual = Response::GetOutstandingDebtBalance(result).to_xml(ApiVersion::V2008, "r");
    assert_eq!(
        asked.replace("GetOutStandingDebtBalanceResponse", "GetOutstandingDebtBalanceResponse"),
        usual
    );
    assert!(asked.contains("<GetOutStandingDebtBalanceResponse xmlns"), "{asked}");
    let read = responses::parse::<OutstandingDebtResult>(Action::GetOutStandingDebtBalance, &asked).unwrap();
    assert_eq!(read.result, result);
}
