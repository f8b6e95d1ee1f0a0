//! Words as searches read them: in lower case, without accents, with one of several spellings beside the written one.

use super::spellings::{CATEGORIES, NOISE, SPELLINGS};
use std::collections::HashSet;

/// Letters of a word that count.
const LONGEST: usize = 32;
/// Shorter words are never taken for another one.
const SHORTEST_MEANT: usize = 3;

/// The words of a text, as they stand in it.
pub fn words(text: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    for letter in text.chars() {
        if matches!(letter, '\'' | '’') || is_mark(letter) {
            continue;
        }
        let stands_alone = is_word_by_itself(letter);
        if stands_alone || !letter.is_alphanumeric() {
            end(&mut words, &mut word);
        }
        if stands_alone {
            words.push(letter.to_string());
        } else if letter.is_alphanumeric() {
            push_plain(&mut word, letter);
        }
    }
    end(&mut words, &mut word);
    words
}

fn end(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        let length = word.char_indices().nth(LONGEST).map_or(word.len(), |(at, _)| at);
        word.truncate(length);
        words.push(std::mem::take(word));
    }
}

/// In lower case; of a Latin letter with an accent the letter.
fn push_plain(word: &mut String, letter: char) {
    let is_latin = matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    match deunicode::deunicode_char(letter).filter(|_| is_latin) {
        Some(plain) => word.push_str(&plain.to_lowercase()),
        None => word.extend(letter.to_lowercase()),
    }
}

/// A mark that stands over or under the letter before it.
fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// Chinese and Japanese put no spaces between words.
fn is_word_by_itself(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}')
}

/// The word in the one spelling and number under which it is found: `harbours` is `harbor`.
pub fn base(word: &str) -> String {
    let singular = singular(word);
    let spelled = SPELLINGS.iter().find_map(|(one, other)| Some((other, singular.strip_prefix(one)?)));
    spelled.map_or_else(|| singular.clone(), |(other, rest)| format!("{other}{rest}"))
}

fn singular(word: &str) -> String {
    let long = word.chars().count() > 3;
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.chars().count() > 1) {
        return format!("{stem}y");
    }
    let of_hissing = ["sses", "shes", "ches", "xes"].iter().any(|ending| word.ends_with(ending));
    if of_hissing {
        return word[..word.len() - 2].to_owned();
    }
    let is_plural = word.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    if long && is_plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// Says nothing of an item by itself: the like is in all of them.
pub fn is_noise(word: &str) -> bool {
    let mut letters = word.chars();
    let is_letter = matches!((letters.next(), letters.next()), (Some('a'..='z'), None));
    is_letter || NOISE.contains(&word)
}

/// A word of that kind, three letters long at least, that begins alike and differs by one letter.
pub fn noise_near(word: &str) -> Option<&'static str> {
    let near = |noise: &&&str| {
        noise.len() >= SHORTEST_MEANT
            && noise.chars().next() == word.chars().next()
            && distance(word, noise) == 1
    };
    NOISE.iter().find(near).copied()
}

/// Under which words a text is found, each once.
pub fn found_by(text: &str) -> Vec<String> {
    let mut known = HashSet::new();
    let spelled = words(text).into_iter().flat_map(|word| [base(&word), word]);
    spelled.filter(|word| !is_noise(word) && known.insert(word.clone())).collect()
}

/// The words of a category beside its name.
pub fn of_category(slug: &str) -> &'static str {
    CATEGORIES.iter().find(|(category, _)| *category == slug).map_or("", |(_, words)| *words)
}

/// Whatever is at least `from` and less than `to` begins like the word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    pub from: String,
    pub to: String,
}

impl Range {
    /// One letter or digit is a word, and no beginning of others.
    pub fn beginning_with(word: &str) -> Self {
        let is_beginning = word.chars().nth(1).is_some();
        if is_beginning {
            Self { from: word.to_owned(), to: format!("{word}\u{10ffff}") }
        } else {
            Self::just(word)
        }
    }

    pub fn just(word: &str) -> Self {
        Self { from: word.to_owned(), to: format!("{word}\u{1}") }
    }
}

/// Each three letters in a row, with a mark before the first and after the last.
pub fn trigrams(word: &str) -> Vec<String> {
    if word.chars().count() < SHORTEST_MEANT {
        return Vec::new();
    }
    let letters: Vec<char> = std::iter::once('_').chain(word.chars()).chain(['_']).collect();
    let mut trigrams: Vec<String> = letters.windows(3).map(|three| three.iter().collect()).collect();
    trigrams.sort_unstable();
    trigrams.dedup();
    trigrams
}

/// As many letters may be wrong in a word.
pub fn forgiven(word: &str) -> usize {
    match word.chars().count() {
        0..SHORTEST_MEANT => 0,
        SHORTEST_MEANT..6 => 1,
        _ => 2,
    }
}

/// How many letters must be put in, taken out, changed or swapped with their neighbours to make one of the other.
pub fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, letter) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, wanted) in other.iter().enumerate() {
            let changed = rows[i][j] + usize::from(letter != wanted);
            let mut least = changed.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && one[i - 1] == *wanted && other[j - 1] == *letter {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_words() {
        assert_eq!(words("Now and Forever"), ["now", "and", "forever"]);
        assert_eq!(words("The Cartographer's  Größe — n°3"), ["the", "cartographers", "grosse", "n", "3"]);
        assert_eq!(words("e\u{301}te\u{301} 日本 ok"), ["ete", "日", "本", "ok"]);
        assert!(words("%_!'\"*()-^:").is_empty());
        assert_eq!(words(&"x".repeat(100)), ["x".repeat(LONGEST)]);
    }

    #[test]
    fn spellings_and_plurals_are_one() {
        for (word, other) in [
            ("harbour", "harbor"),
            ("harbours", "harbor"),
            ("colourful", "colorful"),
            ("grey", "gray"),
            ("fonts", "font"),
            ("stories", "story"),
            ("glasses", "glass"),
            ("boxes", "box"),
            ("bus", "bus"),
            ("glass", "glass"),
            ("hour", "hour"),
            ("ins", "ins"),
        ] {
            assert_eq!(base(word), other, "{word}");
        }
        assert_eq!(found_by("The Harbours"), ["harbor", "harbours"]);
    }

    #[test]
    fn what_a_word_begins_lies_in_its_range() {
        let range = Range::beginning_with("for");
        let lies = |word: &str| range.from.as_str() <= word && word < range.to.as_str();
        assert!(lies("for") && lies("forever") && lies("for日") && !lies("fos") && !lies("fo"));
        let three = Range::beginning_with("3");
        assert!(three.from.as_str() <= "3" && "33" >= three.to.as_str());
    }

    #[test]
    fn small_typos_are_near() {
        for (typed, meant, letters) in [
            ("forver", "forever", 1),
            ("andd", "and", 1),
            ("froever", "forever", 1),
            ("kitten", "sitting", 3),
            ("", "ab", 2),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(typed, meant), letters, "{typed} {meant}");
            assert_eq!(distance(meant, typed), letters, "{meant} {typed}");
        }
        assert_eq!(trigrams("and"), ["_an", "and", "nd_"]);
        assert!(trigrams("an").is_empty());
    }
}
