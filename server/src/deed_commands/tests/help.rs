//! What the subcommands say of themselves.

use super::support::{command, deeds};
use clap::error::ErrorKind;
use std::collections::HashSet;

fn help(words: &[&str]) -> String {
    let line = [&["digitaldownload"], words, &["--help"]].concat();
    let shown = command().try_get_matches_from(line).unwrap_err();
    assert_eq!(shown.kind(), ErrorKind::DisplayHelp);
    shown.to_string()
}

fn has(help: &str, lines: &[&str]) {
    for line in lines {
        assert!(help.lines().any(|found| found.trim() == *line), "{line:?} in\n{help}");
    }
}

#[test]
fn the_definition_is_consistent() {
    command().debug_assert();
}

#[test]
fn groups_list_what_is_below_them() {
    has(
        &help(&["clock"]),
        &[
            "The clock of a running payments site",
            "show     What time it is there",
            "advance  Moves it forward: 7d, 36h, 90m, 30s; answers after everything that fell due has run",
            "freeze   Stops it",
        ],
    );
    let top = help(&[]);
    for line in ["clock", "token", "events", "logs", "listen", "completions", "serve"] {
        let begins = |found: &str| found.trim_start().split(' ').next() == Some(line);
        assert!(top.lines().any(begins), "{line} in\n{top}");
    }
}

#[test]
fn a_deeds_help_is_its_tables() {
    let help = help(&["thing", "probe"]);
    has(
        &help,
        &[
            "Looks at a thing",
            "Usage: digitaldownload thing probe [OPTIONS] <NAME> <OUTCOME>",
            "<NAME>     Which thing [example: before]",
            "<OUTCOME>  How it ends [possible values: success, failure]",
            "--wait <WAIT>",
            "How long to wait [example: 10]",
            "--payment-methods <PAYMENT_METHODS>",
            "What it is paid with; again, or with commas, for more [example: CC]",
            "--verified[=<VERIFIED>]",
            "Whether somebody has looked",
            "--password <PASSWORD>",
            "What nobody sees; - reads it from standard input, where nobody sees it",
            "--seed <SEED>",
            "What chance begins with [example: 7]",
            "--json",
            "Answers as JSON",
            "As a control call: POST /_control/things/{name}/probe",
        ],
    );
    assert!(help.contains("--payments-url"), "{help}");
    for settings in ["--smtp", "--data-dir", "--shop-addr", "--by"] {
        assert!(!help.contains(settings), "{settings} in\n{help}");
    }
}

/// What the tables say must be what they have.
#[test]
fn commands_name_fields_that_there_are() {
    let mut all = HashSet::new();
    for deed in deeds() {
        for command in deed.commands {
            assert!(all.insert(command.words), "{:?} is said twice", command.words);
            assert!(!command.words.is_empty());
            let fixed = command.fixed.iter().map(|(name, _)| name);
            let given: Vec<&str> =
                command.positional.iter().chain(command.flags).chain(fixed).copied().collect();
            for name in &given {
                assert!(deed.field(name).is_some(), "{name} of {:?}", command.words);
                let reserved = ["json", "payments_url", "payments_addr", "ca_file", "help"];
                assert!(!reserved.contains(name), "{name} of {:?}", command.words);
            }
            for field in deed.fields.iter().filter(|field| field.required) {
                assert!(given.contains(&field.name), "{:?} needs {}", command.words, field.name);
            }
        }
    }
    let groups: HashSet<&str> = crate::deeds()
        .iter()
        .flat_map(|deed| deed.commands)
        .filter_map(|command| match command.words {
            [group, _, ..] => Some(*group),
            _ => None,
        })
        .collect();
    for group in groups {
        let about = command().find_subcommand(group).and_then(|group| group.get_about().cloned());
        assert!(about.is_some(), "{group} has words in the table of groups");
    }
}
