use app::form::FormState;

/// A page on which things are done by hand.
#[derive(Debug, Clone, Default)]
pub struct DeedsPage {
    pub path: &'static str,
    pub title: &'static str,
    pub lead: &'static str,
    /// What was done last, or why it was not.
    pub answer: Option<DeedAnswer>,
    /// How things stand, each with its heading.
    pub shown: Vec<(&'static str, Answer)>,
    pub forms: Vec<DeedForm>,
}

/// What a deed led to.
#[derive(Debug, Clone)]
pub struct DeedAnswer {
    pub summary: &'static str,
    pub outcome: Result<Answer, String>,
}

/// JSON as people read it.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A list of objects: headings, and rows of as many cells.
    Table {
        headings: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    /// One object: its fields.
    Facts(Vec<(String, String)>),
    Text(String),
}

/// A deed as a form.
#[derive(Debug, Clone)]
pub struct DeedForm {
    /// The deed's name.
    pub deed: &'static str,
    pub summary: &'static str,
    pub fields: Vec<DeedField>,
    /// What was typed, where it was wrong.
    pub form: FormState,
    /// `POST /_control/clock`, for those who would rather write it.
    pub call: String,
}

#[derive(Debug, Clone)]
pub struct DeedField {
    pub name: &'static str,
    pub label: &'static str,
    pub example: &'static str,
    pub required: bool,
    pub kind: DeedFieldKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeedFieldKind {
    Text,
    Secret,
    OneOf(Vec<&'static str>),
}
