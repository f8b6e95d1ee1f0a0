//! What is said of a deed.

/// Something that can be done by hand.
#[derive(Debug)]
pub struct Deed {
    /// Names it in code, in `openapi.json` and in the addresses of forms: `notification-replay`. Of all deeds unique.
    pub name: &'static str,
    pub method: Method,
    /// Below `/_control`, as axum has it: `/notifications/{id}/replay`.
    pub path: &'static str,
    /// What it does, as a sentence without its full stop; subcommands and forms are headed by it.
    pub summary: &'static str,
    pub fields: &'static [Field],
    /// What is answered: an example of the JSON, or words where that says more.
    pub answer: &'static str,
    /// Subcommands that do it; several where each is a way to say it.
    pub commands: &'static [Command],
    /// The page of the lab where it stands: `/lab/notifications`.
    pub page: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Something that a deed is told.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub place: Place,
    pub kind: Kind,
    pub required: bool,
    /// What it means, for help and labels.
    pub summary: &'static str,
    pub example: &'static str,
}

impl Field {
    pub const fn path(name: &'static str, summary: &'static str, example: &'static str) -> Self {
        Self { name, place: Place::Path, kind: Kind::Text, required: true, summary, example }
    }

    pub const fn query(name: &'static str, kind: Kind, summary: &'static str, example: &'static str) -> Self {
        Self { name, place: Place::Query, kind, required: false, summary, example }
    }

    pub const fn body(name: &'static str, kind: Kind, summary: &'static str, example: &'static str) -> Self {
        Self { name, place: Place::Body, kind, required: false, summary, example }
    }

    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// Where a control call has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Body,
}

/// How it is written as text (in a query, a form, on a command line), and what of JSON it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A text that appears on no page and in no record.
    Secret,
    /// A whole number.
    Integer,
    /// Seconds as a whole number; as text also `7d`, `36h`, `90m`.
    Seconds,
    /// `2030-01-01T00:00:00Z`; as text also a day.
    Time,
    /// `true` or `false`.
    Flag,
    OneOf(&'static [&'static str]),
    /// Several texts; as text with commas between them.
    Texts,
    /// An object of texts; as text its JSON.
    Object,
}

/// A subcommand that does a deed.
#[derive(Debug)]
pub struct Command {
    /// `["clock", "advance"]`.
    pub words: &'static [&'static str],
    pub summary: &'static str,
    /// Fields that are given by their place, in this order.
    pub positional: &'static [&'static str],
    /// Fields that are given as `--field value`.
    pub flags: &'static [&'static str],
    /// Fields that the subcommand itself says; of one that can be given by its place, what it is if it is not given.
    pub fixed: &'static [(&'static str, &'static str)],
}

impl Deed {
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
