//! Characters that nobody sees.

/// Whether a character is not to be seen or changes how others are: control characters, separators of lines, marks of
/// direction, and all that Unicode 16 lets a renderer ignore (`Bidi_Control` and `Default_Ignorable_Code_Point` in its
/// `PropList.txt` and `DerivedCoreProperties.txt`), soft hyphens, joiners and variation selectors among them; what is
/// there for private use too.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// One of each kind, for the tests of what refuses them.
#[cfg(test)]
pub const HIDDEN: [char; 9] =
    ['\u{7}', '\u{AD}', '\u{200B}', '\u{200F}', '\u{202E}', '\u{2066}', '\u{FEFF}', '\u{3164}', '\u{E0041}'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_not_hidden() {
        assert!(HIDDEN.into_iter().all(is_hidden));
        let seen = "Grüße an José, Олег, 株式会社, שלום, مرحبا, हिन्दी, 한국어 – “No. 1” & Söhne ★ 🎨";
        assert_eq!(seen.chars().find(|character| is_hidden(*character)), None);
    }
}
