//! Books: a text with chapters, set as a PDF with contents and bookmarks, and as an EPUB.

mod epub;
mod setting;

pub use epub::epub;
pub use setting::set;

/// A piece of text in one face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub italic: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    Paragraph(Vec<Span>),
    Item(Vec<Span>),
    /// Lines that stay as they are.
    Verse(Vec<String>),
    Code(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    pub title: String,
    pub blocks: Vec<Block>,
}

/// What stands on the title page.
#[derive(Debug, Clone, Copy)]
pub struct Heading<'a> {
    pub title: &'a str,
    pub author: &'a str,
    pub publisher: &'a str,
}

/// Reads a text: `# ` begins a chapter, `## ` is a heading, `- ` an item, `> ` a line of verse, four spaces one of
/// code, and `*` stands about what leans.
pub fn parse(source: &str) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    let mut paragraph = String::new();
    for line in source.lines().chain([""]) {
        if let Some(title) = line.strip_prefix("# ") {
            chapters.push(Chapter { title: title.trim().to_owned(), blocks: Vec::new() });
            continue;
        }
        let Some(chapter) = chapters.last_mut() else { continue };
        let verse = line.strip_prefix("> ").or_else(|| line.strip_prefix('>'));
        let item = line.strip_prefix("- ");
        let code = line.strip_prefix("    ");
        let heading = line.strip_prefix("## ");
        let plain = verse.is_none() && item.is_none() && code.is_none() && heading.is_none();
        if (!plain || line.trim().is_empty()) && !paragraph.is_empty() {
            chapter.blocks.push(Block::Paragraph(spans(&std::mem::take(&mut paragraph))));
        }
        if let Some(heading) = heading {
            chapter.blocks.push(Block::Heading(heading.to_owned()));
        } else if let Some(item) = item {
            chapter.blocks.push(Block::Item(spans(item)));
        } else if let Some(verse) = verse {
            match chapter.blocks.last_mut() {
                Some(Block::Verse(lines)) => lines.push(verse.to_owned()),
                _ => chapter.blocks.push(Block::Verse(vec![verse.to_owned()])),
            }
        } else if let Some(code) = code {
            match chapter.blocks.last_mut() {
                Some(Block::Code(lines)) => lines.push(code.to_owned()),
                _ => chapter.blocks.push(Block::Code(vec![code.to_owned()])),
            }
        } else if !line.trim().is_empty() {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim());
        }
    }
    chapters
}

/// Straight quotation marks become those of a book.
fn spans(text: &str) -> Vec<Span> {
    typographic(text)
        .split('*')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(number, part)| Span { text: part.to_owned(), italic: number % 2 == 1 })
        .collect()
}

pub fn typographic(text: &str) -> String {
    let mut set = String::with_capacity(text.len());
    let mut before = ' ';
    for letter in text.chars() {
        let opens = before.is_whitespace() || "(—*“‘".contains(before);
        set.push(match letter {
            '"' if opens => '“',
            '"' => '”',
            '\'' if opens => '‘',
            '\'' => '’',
            other => other,
        });
        before = letter;
    }
    set
}
