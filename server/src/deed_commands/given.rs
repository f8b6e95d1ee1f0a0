//! From a parsed command line to the arguments of a deed.

use super::tree::Doing;
use clap::ArgMatches;
use clap::parser::ValueSource;
use platform::deeds::{Arguments, Kind, Misfit, Place};
use std::io;

/// What the deed is told, checked by its table. `secret` gives what is not to stand on the command line.
pub(super) fn arguments(
    doing: Doing,
    matches: &ArgMatches,
    secret: &mut dyn FnMut() -> io::Result<String>,
) -> Result<Arguments, Misfit> {
    let Doing { deed, command } = doing;
    let mut arguments = Arguments::default();
    for name in command.positional.iter().chain(command.flags) {
        let Some(field) = deed.field(name) else { continue };
        let Some(values) = typed(name, matches) else { continue };
        let last = || values.last().cloned().unwrap_or_default();
        let mut text = if field.kind == Kind::Texts { values.join(",") } else { last() };
        if field.kind == Kind::Secret && text == "-" {
            text = secret().map_err(|error| Misfit(format!("{name} cannot be read: {error}")))?;
        }
        if field.place == Place::Path && matches!(text.as_str(), "" | "." | "..") {
            return Err(Misfit(format!("{name} cannot be {text:?}; one is such as {}", field.example)));
        }
        arguments.add_text(deed, name, &text)?;
    }
    for (name, text) in command.fixed.iter().filter(|(name, _)| typed(name, matches).is_none()) {
        arguments.add_text(deed, name, text)?;
    }
    arguments.check(deed)?;
    Ok(arguments)
}

/// What was typed for it. A setting of the same name is of another type, or comes from elsewhere.
fn typed(name: &str, matches: &ArgMatches) -> Option<Vec<String>> {
    let values = matches.try_get_many::<String>(name).ok().flatten()?;
    (matches.value_source(name) == Some(ValueSource::CommandLine)).then(|| values.cloned().collect())
}

pub(super) fn line_of_stdin() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
