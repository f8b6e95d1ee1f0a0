use app::form::FormState;

/// `/lab/attack`.
#[derive(Debug, Clone, Default)]
pub struct AttackPage {
    pub form: FormState,
    pub most_calls: usize,
    /// What the last one led to.
    pub result: Option<AttackResult>,
}

#[derive(Debug, Clone, Default)]
pub struct AttackResult {
    /// The kind's word: `same`.
    pub kind: String,
    pub calls: usize,
    pub as_expected: bool,
    pub answers: Vec<AttackAnswer>,
    /// How many more transactions the books have.
    pub movements: i64,
    /// E-mail address, balance before and after.
    pub balances: Vec<(String, String, String)>,
    /// The page of the lab that shows what happened.
    pub look: String,
}

/// Answers that are alike.
#[derive(Debug, Clone, Default)]
pub struct AttackAnswer {
    pub count: usize,
    pub status: u16,
    pub code: String,
    /// The transaction or the order that it names.
    pub what: Option<String>,
}
