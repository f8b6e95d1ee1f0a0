//! Deeds as nested subcommands: `clock advance <ADVANCE_SECONDS>`.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction};
use platform::deeds::{Arguments, Command, Deed, Field, Kind, Misfit};

/// What is said of words that several subcommands begin with.
const GROUPS: &[(&str, &str)] = &[
    ("account", "Accounts at Amazon Payments: make them, list them, say how they stand"),
    ("books", "The books of Amazon Payments, and whether they are right"),
    ("caller", "Callers of the web service: who has keys, and where they are told"),
    ("clock", "The clock of a running payments site"),
    ("fault", "What is made to go wrong"),
    ("orders", "Orders of the shop"),
    ("processor", "Payments from cards and bank accounts: when they end"),
    ("snapshot", "All that running sites know, kept by name"),
    ("token", "Payment tokens"),
];

/// A deed, said by one of its subcommands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doing {
    pub deed: &'static Deed,
    pub command: &'static Command,
}

/// A word with what stands below it.
struct Branch {
    word: &'static str,
    doing: Option<Doing>,
    below: Vec<Self>,
}

/// One for each first word, in the order of the tables.
pub(super) fn commands(deeds: &[&'static Deed]) -> Vec<clap::Command> {
    let mut top = Vec::new();
    for doing in all(deeds) {
        grow(&mut top, doing.command.words, doing);
    }
    top.iter().map(Branch::command).collect()
}

/// The deed that is said by exactly these words.
pub(super) fn find(deeds: &[&'static Deed], words: &[&str]) -> Option<Doing> {
    all(deeds).find(|doing| doing.command.words == words)
}

fn all(deeds: &[&'static Deed]) -> impl Iterator<Item = Doing> {
    deeds.iter().flat_map(|deed| deed.commands.iter().map(|command| Doing { deed, command }))
}

fn grow(branches: &mut Vec<Branch>, words: &[&'static str], doing: Doing) {
    let [word, rest @ ..] = words else { return };
    let place = branches.iter().position(|branch| branch.word == *word).unwrap_or_else(|| {
        branches.push(Branch { word, doing: None, below: Vec::new() });
        branches.len() - 1
    });
    if rest.is_empty() {
        branches[place].doing = Some(doing);
    } else {
        grow(&mut branches[place].below, rest, doing);
    }
}

impl Branch {
    fn command(&self) -> clap::Command {
        let command = clap::Command::new(self.word);
        let command = match self.doing {
            Some(doing) => doing.command(command),
            None => command.subcommand_required(true).arg_required_else_help(true),
        };
        let group = GROUPS.iter().find(|(word, _)| self.doing.is_none() && *word == self.word);
        let command = group.map_or_else(|| command.clone(), |(_, summary)| command.clone().about(*summary));
        self.below.iter().fold(command, |command, below| command.subcommand(below.command()))
    }
}

impl Doing {
    fn command(self, command: clap::Command) -> clap::Command {
        let Self { deed, command: said } = self;
        let fields = |names: &'static [&'static str]| names.iter().filter_map(|name| deed.field(name));
        let method = deed.method.as_str();
        command
            .about(said.summary)
            .after_help(format!("As a control call: {method} /_control{}", deed.path))
            .args(fields(said.positional).map(|field| positional(deed, said, field)))
            .args(fields(said.flags).map(|field| flag(deed, field)))
    }
}

/// A field that is given by its place has to be given, if the subcommand does not say what it is otherwise.
fn positional(deed: &'static Deed, command: &'static Command, field: &'static Field) -> Arg {
    let usual = command.fixed.iter().find(|(name, _)| *name == field.name);
    let argument = match usual {
        Some((_, value)) => argument(deed, field).default_value(*value),
        None => argument(deed, field).required(true),
    };
    if field.kind == Kind::Texts { argument.num_args(1..) } else { argument }
}

fn flag(deed: &'static Deed, field: &'static Field) -> Arg {
    let argument = argument(deed, field).required(field.required).long(field.name.replace('_', "-"));
    // As it is called in JSON.
    let argument = if field.name.contains('_') { argument.alias(field.name) } else { argument };
    match field.kind {
        Kind::Texts => argument.action(ArgAction::Append),
        Kind::Flag => argument.num_args(0..=1).require_equals(true).default_missing_value("true"),
        _ => argument,
    }
}

fn argument(deed: &'static Deed, field: &'static Field) -> Arg {
    Arg::new(field.name)
        .value_name(field.name.to_uppercase())
        .help(help(field))
        .allow_negative_numbers(matches!(field.kind, Kind::Integer | Kind::Seconds))
        .value_parser(parser(deed, field))
}

fn help(field: &Field) -> String {
    let mut summary = field.summary.chars();
    let first = summary.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let more = match field.kind {
        // They are listed.
        Kind::OneOf(_) | Kind::Flag => String::new(),
        Kind::Secret => "; - reads it from standard input, where nobody sees it".to_owned(),
        Kind::Texts => format!("; again, or with commas, for more [example: {}]", field.example),
        _ => format!(" [example: {}]", field.example),
    };
    format!("{first}{}{more}", summary.as_str())
}

/// What the deed's table would refuse is refused with the command line, in the table's words.
fn parser(deed: &'static Deed, field: &'static Field) -> ValueParser {
    if let Kind::OneOf(words) = field.kind {
        return PossibleValuesParser::new(words).into();
    }
    ValueParser::from(move |text: &str| -> Result<String, Misfit> {
        Arguments::default().add_text(deed, field.name, text)?;
        Ok(text.to_owned())
    })
}
