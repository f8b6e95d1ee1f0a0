/// A lesson, perhaps checked.
#[derive(Debug, Clone, Default)]
pub struct LessonPage {
    /// What was found when somebody asked.
    pub check: Option<LessonCheck>,
    /// The latest return address that Amazon signed, with something in it changed.
    pub changed_return: Option<String>,
    /// What has just been made to go wrong, in words.
    pub fault: Option<String>,
}

/// Whether what a lesson asks for has happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LessonCheck {
    pub findings: Vec<Finding>,
}

/// One thing that has happened, or what is still to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub done: bool,
    /// A sentence.
    pub words: String,
}

impl LessonCheck {
    pub fn passed(&self) -> bool {
        self.findings.iter().all(|finding| finding.done)
    }
}
