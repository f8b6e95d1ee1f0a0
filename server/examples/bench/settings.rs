//! What the command line asks for: parts by name, and `name=value`.

use crate::Failure;
use std::path::PathBuf;

/// What is measured when no part is named.
const USUAL: [&str; 9] =
    ["pages", "payments", "recording", "receivers", "lists", "purchase", "start", "size", "memory"];
/// What takes long, or needs something that is not here: only when it is named.
const ASKED_FOR: [&str; 4] = ["against", "catalogue", "peers", "scale"];

#[derive(Debug, Clone)]
pub struct Settings {
    pub parts: Vec<&'static str>,
    /// How long the load before the look at the memory lasts.
    pub minutes: f64,
    /// Sizes of `scale`, and of `catalogue`.
    pub payments: usize,
    pub items: usize,
    /// The program of an earlier commit, and today's.
    pub old: Option<PathBuf>,
    pub new: Option<PathBuf>,
    /// The folder that `scale` writes its table and plot to.
    pub write: Option<PathBuf>,
    /// A checkout of Strimulator with its dependencies, where it cannot be fetched.
    pub strimulator: Option<PathBuf>,
}

impl Settings {
    pub fn read(words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut settings = Self {
            parts: Vec::new(),
            minutes: 0.5,
            payments: 1_000_000,
            items: 100_000,
            old: None,
            new: None,
            write: None,
            strimulator: None,
        };
        for word in words {
            match word.split_once('=') {
                Some((name, value)) => settings.set(name, value)?,
                None => settings.parts.push(part(&word)?),
            }
        }
        if settings.parts.is_empty() {
            settings.parts = USUAL.to_vec();
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let wrong = |what| format!("{name}={value}: {what}");
        match name {
            "minutes" => {
                let minutes: f64 = value.parse().map_err(|_| wrong("a number is wanted"))?;
                if !(0.0..=10_000.0).contains(&minutes) {
                    return Err(wrong("from 0 to 10000").into());
                }
                self.minutes = minutes;
            }
            "payments" => self.payments = value.parse().map_err(|_| wrong("a whole number is wanted"))?,
            "items" => self.items = value.parse().map_err(|_| wrong("a whole number is wanted"))?,
            "old" => self.old = Some(value.into()),
            "new" => self.new = Some(value.into()),
            "write" => self.write = Some(value.into()),
            "strimulator" => self.strimulator = Some(value.into()),
            _ => {
                return Err(wrong(
                    "the settings are minutes, payments, items, old, new, write and strimulator",
                )
                .into());
            }
        }
        Ok(())
    }
}

fn part(word: &str) -> Result<&'static str, Failure> {
    let known = || USUAL.into_iter().chain(ASKED_FOR);
    let found = known().find(|part| *part == word);
    Ok(found.ok_or_else(|| format!("there is no part {word:?}, only {:?}", known().collect::<Vec<_>>()))?)
}
