//! The processor of cards and bank accounts, and answers in its place.

use super::Control;
use crate::engine::payments::{DecideError, Verdict, decide as decide_in_its_place};
use crate::engine::processor;
use fps_protocol::ids::TransactionId;
use platform::deeds::{Command, Deed, DeedRefused, Field, Kind, Method};
use serde::{Deserialize, Serialize};

pub const DECIDE: Deed = Deed {
    name: "transaction-decide",
    method: Method::Post,
    path: "/transactions/{id}/decide",
    summary: "Decides what becomes of a payment that is pending by card or bank account",
    fields: &[
        Field::path("id", "of the transaction", "14GKD9GE66FAA63E6O6B2JDPZKN53LZ7F22"),
        Field::body("outcome", Kind::OneOf(&["success", "failure"]), "what the processor answers", "success")
            .required(),
    ],
    answer: r#"{"transaction_id":"…","status":"Success","status_code":"Success"}"#,
    commands: &[Command {
        words: &["decide"],
        summary: "Decides what becomes of a payment that is pending by card or bank account",
        positional: &["id", "outcome"],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/faults",
};

const HELD: &str = r#"{"hold":true}"#;

pub const SHOW: Deed = Deed {
    name: "processor",
    method: Method::Get,
    path: "/processor",
    summary: "Whether the processor of cards and bank accounts is held",
    fields: &[],
    answer: HELD,
    commands: &[Command {
        words: &["processor", "show"],
        summary: "Whether the processor of cards and bank accounts is held",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/faults",
};

pub const HOLD: Deed = Deed {
    name: "processor-hold",
    method: Method::Post,
    path: "/processor",
    summary: "Holds the processor, so that payments stay pending until they are decided, or lets it go",
    fields: &[Field::body("hold", Kind::Flag, "whether it is held", "true").required()],
    answer: HELD,
    commands: &[
        Command {
            words: &["processor", "hold"],
            summary: "Lets payments by card and bank account stay pending until they are decided",
            positional: &[],
            flags: &[],
            fixed: &[("hold", "true")],
        },
        Command {
            words: &["processor", "release"],
            summary: "Lets the processor answer again",
            positional: &[],
            flags: &[],
            fixed: &[("hold", "false")],
        },
    ],
    page: "/lab/faults",
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    id: String,
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Success,
    Failure,
}

#[derive(Debug, Serialize)]
pub struct Decided {
    transaction_id: String,
    status: String,
    status_code: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    hold: bool,
}

impl From<DecideError> for DeedRefused {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Unknown => Self::NotFound(error.to_string()),
            DecideError::NotPending(_) | DecideError::RefundArrives => Self::Conflict(error.to_string()),
            DecideError::Action(error) if error.is_unavailable() => Self::Unavailable,
            DecideError::Action(error) => Self::Internal(error.into()),
        }
    }
}

pub async fn decide(control: &Control, asked: Decision) -> Result<Decided, DeedRefused> {
    let id: TransactionId = asked.id.parse().map_err(|_| DecideError::Unknown)?;
    let verdict = match asked.outcome {
        Outcome::Success => Verdict::Success,
        Outcome::Failure => Verdict::Failure,
    };
    let transaction = decide_in_its_place(&control.payments.engine(), &id, verdict).await?;
    Ok(Decided {
        status: transaction.status().to_string(),
        status_code: transaction.status_code().to_string(),
        transaction_id: transaction.id.into_string(),
    })
}

pub async fn show(control: &Control) -> Result<Hold, DeedRefused> {
    Ok(Hold { hold: processor::is_held(&control.payments.engine()).await? })
}

pub async fn hold(control: &Control, asked: Hold) -> Result<Hold, DeedRefused> {
    processor::hold(&control.payments.engine(), asked.hold).await?;
    Ok(asked)
}
