//! Subcommands that do something to running sites, through the control API: one for each way to say a deed, made from
//! the deeds' tables, and beside them the streams, which are written by hand.

mod call;
mod given;
mod progress;
mod streams;
mod tree;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use call::ControlApi;
pub(crate) use words::colours_wanted;

use clap::{Arg, ArgMatches, FromArgMatches, Subcommand};
use platform::deeds::{Deed, Misfit};
use serde_json::Value;
use std::io::{self, Write};
use streams::StreamCommand;
use tree::Doing;

/// Why a subcommand did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// What was typed does not fit the deed; nothing was sent.
    #[error(transparent)]
    Misfit(#[from] Misfit),
    #[error(transparent)]
    Call(#[from] call::CallError),
    #[error("{0} did not take the notification: {1}")]
    NotForwarded(String, reqwest::Error),
    #[error("{0} of an answer cannot be used: {1}")]
    Unreadable(&'static str, String),
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl CommandError {
    /// Whether there is no control API at all where it was looked for.
    pub(crate) fn is_nobody_there(&self) -> bool {
        matches!(self, Self::Call(call::CallError::Unreachable { .. } | call::CallError::NoControlApi { .. }))
    }

    /// Whether the command line is what is wrong.
    pub(crate) fn is_usage(&self) -> bool {
        matches!(self, Self::Misfit(_))
    }
}

/// What a command line asks for, of the subcommands here.
#[derive(Debug)]
pub(crate) enum Asked {
    Deed(Doing, ArgMatches),
    Stream(StreamCommand),
}

/// How answers are written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Look {
    /// As they came, each on one line.
    pub json: bool,
    pub colours: bool,
}

/// Flags of the whole program that matter here; the others are for those that serve.
const OF_USE: [&str; 2] = ["json", "payments_url"];

/// The command with the subcommands of these deeds, and with the streams.
pub(crate) fn add_to(command: clap::Command, deeds: &[&'static Deed]) -> clap::Command {
    let globals: Vec<Arg> = command
        .get_arguments()
        .filter(|argument| argument.is_global_set() && !OF_USE.contains(&argument.get_id().as_str()))
        .map(|argument| argument.clone().hide(true))
        .collect();
    let streams = StreamCommand::augment_subcommands(clap::Command::new("streams"));
    // After those that serve, not among them.
    let streams = streams.get_subcommands().map(|stream| stream.clone().display_order(None));
    let all = streams.chain(tree::commands(deeds));
    all.fold(command, |command, one| command.subcommand(with_hidden(one, &globals)))
}

/// Settings of the sites are taken, wherever they stand, but not listed in the help of what does not read them. A field
/// of a deed that has the name of a setting is the field.
fn with_hidden(mut command: clap::Command, globals: &[Arg]) -> clap::Command {
    for global in globals {
        if command.get_arguments().all(|argument| argument.get_id() != global.get_id()) {
            command = command.arg(global.clone());
        }
    }
    command.mut_subcommands(|below| with_hidden(below, globals))
}

impl Asked {
    /// `None`: the subcommand is none of these.
    pub(crate) fn of(matches: &ArgMatches, deeds: &[&'static Deed]) -> Option<Self> {
        let (name, below) = matches.subcommand()?;
        if StreamCommand::has_subcommand(name) {
            // The parser has read it already.
            return StreamCommand::from_arg_matches(matches).ok().map(Self::Stream);
        }
        let (mut words, mut matches) = (vec![name], below);
        while let Some((word, below)) = matches.subcommand() {
            words.push(word);
            matches = below;
        }
        Some(Self::Deed(tree::find(deeds, &words)?, matches.clone()))
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        matches!(self, Self::Deed(doing, _) if doing.deed.name == name)
    }

    /// Whether it goes on until somebody has had enough.
    pub(crate) fn is_endless(&self) -> bool {
        matches!(self, Self::Stream(_))
    }

    /// Does it, and writes what there is to say.
    pub(crate) async fn run(
        &self,
        api: &ControlApi,
        look: Look,
        out: &mut (dyn Write + Send),
    ) -> Result<(), CommandError> {
        let done = match self {
            Self::Deed(doing, matches) => {
                let arguments = given::arguments(*doing, matches, &mut given::line_of_stdin)?;
                let answer = progress::shown(api.base(), api.call(doing.deed, arguments)).await?;
                write_answer(&answer, look, out).map_err(Into::into)
            }
            Self::Stream(stream) => stream.run(api, look, out).await,
        };
        match done {
            // Whoever reads has had enough, like `head`.
            Err(CommandError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}

pub(crate) fn write_answer(answer: &Value, look: Look, out: &mut dyn Write) -> io::Result<()> {
    if look.json {
        return writeln!(out, "{answer}");
    }
    for line in words::in_words(answer, look.colours) {
        writeln!(out, "{line}")?;
    }
    out.flush()
}
