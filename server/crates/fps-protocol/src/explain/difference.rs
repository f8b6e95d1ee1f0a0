//! Where two texts differ.

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub text: String,
    /// The other text has something else here, or nothing.
    pub differs: bool,
}

/// Two texts, each cut into what is the same in both and what is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub expected: Vec<Stretch>,
    pub signed: Vec<Stretch>,
}

impl Difference {
    /// Piece by piece (a line, a parameter) where both have as many, else as a whole.
    pub fn between(expected: &str, signed: &str) -> Self {
        let is_end = |c: char| matches!(c, '\n' | '&');
        let cut = |text: &'_ str| text.split_inclusive(is_end).count();
        let mut found = Self { expected: Vec::new(), signed: Vec::new() };
        if cut(expected) == cut(signed) {
            for (one, other) in expected.split_inclusive(is_end).zip(signed.split_inclusive(is_end)) {
                found.compare(one, other);
            }
        } else {
            found.compare(expected, signed);
        }
        found
    }

    /// Where the differing stretches of the signed text begin, in bytes.
    pub fn positions(&self) -> Vec<usize> {
        let mut at = 0;
        let mut positions = Vec::new();
        for stretch in &self.signed {
            if stretch.differs {
                positions.push(at);
            }
            at += stretch.text.len();
        }
        positions
    }

    /// The same beginning, the same end, and what is between.
    fn compare(&mut self, one: &str, other: &str) {
        let start = common(one.chars().zip(other.chars()));
        let (begin, one_rest, other_rest) = (&one[..start], &one[start..], &other[start..]);
        let end = common(one_rest.chars().rev().zip(other_rest.chars().rev()));
        for (list, rest) in [(&mut self.expected, one_rest), (&mut self.signed, other_rest)] {
            let (differing, same) = rest.split_at(rest.len() - end);
            push(list, begin, false);
            push(list, differing, true);
            push(list, same, false);
        }
    }
}

/// How many bytes are the same at the beginning.
fn common(pairs: impl Iterator<Item = (char, char)>) -> usize {
    pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
}

fn push(stretches: &mut Vec<Stretch>, text: &str, differs: bool) {
    match stretches.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.differs == differs => last.text.push_str(text),
        _ => stretches.push(Stretch { text: text.to_owned(), differs }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(stretches: &[Stretch]) -> String {
        let one = |stretch: &Stretch| {
            if stretch.differs { format!("[{}]", stretch.text) } else { stretch.text.clone() }
        };
        stretches.iter().map(one).collect()
    }

    #[test]
    fn what_differs_is_marked_in_both() {
        let cases = [
            ("a=1%20b&c=2", "a=1+b&c=2", "a=1[%20]b&c=2", "a=1[+]b&c=2"),
            ("GET\nh\n/\na=1", "POST\nh\n/\na=2", "[GE]T\nh\n/\na=[1]", "[POS]T\nh\n/\na=[2]"),
            ("a=1&b=2&c=3", "a=1&c=3", "a=1&[b=2&]c=3", "a=1&c=3"),
            ("é", "è", "[é]", "[è]"),
            ("same", "same", "same", "same"),
        ];
        for (expected, signed, marked_expected, marked_signed) in cases {
            let difference = Difference::between(expected, signed);
            assert_eq!(marked(&difference.expected), marked_expected);
            assert_eq!(marked(&difference.signed), marked_signed);
        }
        assert_eq!(Difference::between("a=1&b=2", "a=9&b=8").positions(), [2, 6]);
    }

    proptest! {
        #[test]
        fn the_stretches_are_the_texts(one in "[ab&\né]{0,12}", other in "[ab&\né]{0,12}") {
            let text = |list: &[Stretch]| list.iter().map(|part| part.text.as_str()).collect::<String>();
            let difference = Difference::between(&one, &other);
            prop_assert_eq!(text(&difference.expected), one.as_str());
            prop_assert_eq!(text(&difference.signed), other.as_str());
            let same = |list: &[Stretch]| {
                list.iter().filter(|part| !part.differs).map(|part| part.text.as_str()).collect::<String>()
            };
            prop_assert_eq!(same(&difference.expected), same(&difference.signed));
        }
    }
}
