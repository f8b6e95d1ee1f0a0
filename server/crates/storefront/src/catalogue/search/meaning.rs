//! What the words of a search mean: whichever there are that begin like them, or the nearest that there are.

use super::query;
use super::words::{self, Range};
use super::{Criteria, Understood, WORDS};
use platform::Database;

/// Words that share most letters with one that nothing has: as many are looked at.
const NEAR: usize = 60;

/// A word to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Found as it stands here it counts for more than the beginning of another one.
    pub exactly: [String; 2],
    pub range: Range,
    /// Items that have it, counted so far.
    pub items: u32,
}

/// What is looked for, and how its words were understood.
#[derive(Debug)]
pub struct Wanted<'a> {
    pub criteria: &'a Criteria,
    pub words: &'a [Word],
}

impl<'a> Wanted<'a> {
    /// A word that no item has is asked for.
    pub fn is_in_vain(&self) -> bool {
        self.words.iter().any(|word| word.items == 0)
    }

    /// The word that the fewest items have.
    pub fn rarest(&self) -> Option<&'a Word> {
        self.words.iter().min_by_key(|word| word.items)
    }
}

#[derive(Debug, Default)]
pub struct Meaning {
    /// Those that say something.
    pub words: Vec<Word>,
    /// What was typed, with other words in the place of typos.
    corrected: Option<String>,
    /// Something was typed.
    asked: bool,
}

impl Meaning {
    pub async fn of(db: &Database, text: &str) -> Result<Self, sqlx::Error> {
        let mut meaning = Self { asked: !text.trim().is_empty(), ..Self::default() };
        let (mut read, mut is_other) = (Vec::new(), false);
        for token in text.split_whitespace() {
            let (mut said, mut differs) = (Vec::new(), false);
            for word in words::words(token) {
                if words::is_noise(&word) || meaning.words.len() == WORDS {
                    said.push(word);
                    continue;
                }
                let (found, other) = meant(db, &word).await?;
                meaning.words.extend(found);
                differs |= other.is_some();
                said.push(other.unwrap_or(word));
            }
            is_other |= differs;
            read.push(if differs { like(token, &said.join(" ")) } else { token.to_owned() });
        }
        meaning.corrected = is_other.then(|| read.join(" "));
        Ok(meaning)
    }

    pub fn understood(&self) -> Understood {
        match &self.corrected {
            _ if self.asked && self.words.is_empty() => Understood::NotAtAll,
            Some(words) => Understood::As(words.clone()),
            None => Understood::AsTyped,
        }
    }
}

/// What the word is looked for as, and which word it was taken for, if for another one. It may be taken for one that
/// says nothing.
async fn meant(db: &Database, word: &str) -> Result<(Option<Word>, Option<String>), sqlx::Error> {
    let base = words::base(word);
    let typed = Word { range: Range::beginning_with(&base), exactly: [word.to_owned(), base], items: 0 };
    let items = query::count(db, &typed.range).await?;
    if items > 0 {
        return Ok((Some(Word { items, ..typed }), None));
    }
    if words::forgiven(word) > 0 {
        if let Some(noise) = words::noise_near(word) {
            return Ok((None, Some(noise.to_owned())));
        }
        if let Some((other, items)) = nearest(db, word).await? {
            let found = Word { range: Range::just(&other), exactly: [other.clone(), other.clone()], items };
            return Ok((Some(found), Some(other)));
        }
    }
    Ok((Some(typed), None))
}

/// The word nearest to it that some item has: with the fewest letters wrong, then as long, then in the most items.
async fn nearest(db: &Database, word: &str) -> Result<Option<(String, u32)>, sqlx::Error> {
    let forgiven = words::forgiven(word);
    let length = word.chars().count();
    let mut near: Vec<((usize, usize), String)> = query::sharing_letters(db, word, forgiven, NEAR)
        .await?
        .into_iter()
        .map(|other| ((words::distance(word, &other), other.chars().count().abs_diff(length)), other))
        .filter(|((distance, _), _)| *distance <= forgiven)
        .collect();
    near.sort_unstable();
    let mut best: Option<((usize, usize), String, u32)> = None;
    for (wrong, other) in near {
        // Words stay known that no item has any more: those are passed over.
        if best.as_ref().is_some_and(|(least, ..)| *least != wrong) {
            break;
        }
        let items = query::count(db, &Range::just(&other)).await?;
        if items > best.as_ref().map_or(0, |(.., most)| *most) {
            best = Some((wrong, other, items));
        }
    }
    Ok(best.map(|(_, other, items)| (other, items)))
}

/// With a capital letter where the typed word has one.
fn like(typed: &str, word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if typed.starts_with(char::is_uppercase) => first.to_uppercase().chain(letters).collect(),
        _ => word.to_owned(),
    }
}
