//! The signature of a request, step by step.

use app::form::FormState;

/// The page that takes a pasted request.
#[derive(Debug, Clone, Default)]
pub struct SignaturePage {
    /// The field `request` as it was typed, and what is wrong with it. The field `secret` is never kept.
    pub form: FormState,
    pub result: Option<SignatureSteps>,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureSteps {
    /// In a sentence, and what to do.
    pub verdict: String,
    pub standing: Standing,
    pub steps: Vec<SignatureStep>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Matches,
    Differs,
    /// It could not be checked.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureStep {
    pub title: String,
    /// What is done in it.
    pub note: String,
    /// It stops matching here: why.
    pub wrong: Option<String>,
    pub content: StepContent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepContent {
    /// Names and values.
    Pairs(Vec<(String, String)>),
    /// Facts: what each is called, and what it is.
    Facts(Vec<(String, String)>),
    Text(String),
    /// What it should have been, and what was signed instead.
    Compared {
        expected: Vec<Piece>,
        signed: Vec<Piece>,
    },
    Nothing,
}

/// A stretch of a text that is compared with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub differs: bool,
}
