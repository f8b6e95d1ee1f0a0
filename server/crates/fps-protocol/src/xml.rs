//! The XML of answers: a writer that cannot make ill-formed text, and a reader that trusts nothing.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesEnd, BytesRef, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use std::borrow::Cow;

/// Answers are a few hundred bytes; the longest FPS ever sent were activity lists.
const LONGEST_DOCUMENT: usize = 1 << 20;
const DEEPEST_ELEMENT: usize = 32;
const IN_MEMORY: &str = "writing to memory does not fail";

/// Writes one document without indentation.
pub(crate) struct XmlWriter {
    writer: Writer<Vec<u8>>,
}

impl XmlWriter {
    pub fn new() -> Self {
        let mut xml = Self { writer: Writer::new(Vec::with_capacity(512)) };
        xml.event(Event::Decl(BytesDecl::new("1.0", None, None)));
        xml.event(Event::Text(BytesText::from_escaped("\n")));
        xml
    }

    /// The start of an element, which `close` ends.
    pub fn open(&mut self, name: &str, namespace: Option<&str>) {
        let mut start = BytesStart::new(name);
        if let Some(namespace) = namespace {
            start.push_attribute(("xmlns", namespace));
        }
        self.event(Event::Start(start));
    }

    pub fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    pub fn leaf(&mut self, name: &str, text: &str) {
        self.open(name, None);
        self.event(Event::Text(BytesText::new(&printable(text))));
        self.close(name);
    }

    /// Nothing for `None`.
    pub fn optional_leaf(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    pub fn finish(self) -> String {
        String::from_utf8(self.writer.into_inner()).expect("only text was written")
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect(IN_MEMORY);
    }
}

/// XML 1.0 has no way at all to write most control characters; they become U+FFFD.
fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(allowed) {
        Cow::Borrowed(text)
    } else {
        text.chars().map(|c| if allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
    }
}

/// The `Char` production of XML 1.0.
const fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Why an answer is not XML that FPS could have sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    #[error("the document is too long")]
    TooLong,
    #[error("the elements are nested too deeply")]
    TooDeep,
    #[error("the document has a type definition, which FPS never sends")]
    DocumentType,
    #[error("the document does not have exactly one root element")]
    NotOneRoot,
    #[error("the document is not well-formed: {0}")]
    NotWellFormed(String),
}

/// An element without its attributes and namespace, which FPS clients do not need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    pub name: String,
    /// The text directly inside, without that of the children.
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn parse(document: &str) -> Result<Self, XmlError> {
        if document.len() > LONGEST_DOCUMENT {
            return Err(XmlError::TooLong);
        }
        let mut tree = Tree::default();
        let mut reader = Reader::from_str(document);
        loop {
            match reader.read_event().map_err(|error| not_well_formed(&error))? {
                Event::Start(start) => tree.open(start.local_name().as_ref())?,
                Event::Empty(start) => {
                    tree.open(start.local_name().as_ref())?;
                    tree.close()?;
                }
                Event::End(_) => tree.close()?,
                Event::Text(text) => tree.text(&text.xml10_content())?,
                Event::CData(text) => tree.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => tree.text(&resolve(&reference)?)?,
                Event::DocType(_) => return Err(XmlError::DocumentType),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => return tree.finish(),
            }
        }
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of that name.
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

fn not_well_formed(error: &impl ToString) -> XmlError {
    XmlError::NotWellFormed(error.to_string())
}

/// A character reference or one of the five predefined entities; there are no others without a DTD.
fn resolve(reference: &BytesRef<'_>) -> Result<String, XmlError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| not_well_formed(&error))? {
        return Ok(character.to_string());
    }
    let name = reference.xml10_content();
    let resolved = resolve_predefined_entity(&name).map(str::to_owned);
    resolved.ok_or_else(|| XmlError::NotWellFormed(format!("unknown entity {name}")))
}

/// The elements that are open, outermost first, and the finished root.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn open(&mut self, name: &str) -> Result<(), XmlError> {
        if self.root.is_some() {
            return Err(XmlError::NotOneRoot);
        }
        if self.open.len() == DEEPEST_ELEMENT {
            return Err(XmlError::TooDeep);
        }
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), XmlError> {
        let closed = self.open.pop().ok_or(XmlError::NotOneRoot)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            // White space around the root; a byte order mark is white space here, too.
            None if text.trim_matches('\u{FEFF}').trim().is_empty() => {}
            None => return Err(XmlError::NotOneRoot),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, XmlError> {
        if self.open.is_empty() { self.root.ok_or(XmlError::NotOneRoot) } else { Err(XmlError::NotOneRoot) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut xml = XmlWriter::new();
        xml.open("Root", Some("urn:x"));
        xml.leaf("Leaf", text);
        xml.close("Root");
        xml.finish()
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            written("<a> & \u{1}\r"),
            "<?xml version=\"1.0\"?>\n<Root xmlns=\"urn:x\"><Leaf>&lt;a&gt; &amp; \u{FFFD}&#13;</Leaf></Root>"
        );
    }

    #[test]
    fn reads_what_servers_send() {
        let document = "\u{FEFF}<?xml version='1.0' encoding='UTF-8'?>\n<!-- hi --><f:A xmlns:f='u'>\n  \
                        <B x='1'>1 &lt; <![CDATA[<2>]]>&#x33;</B><C/></f:A>\n";
        let root = Element::parse(document).unwrap();
        assert_eq!(root.name, "A");
        assert_eq!(root.child_text("B"), Some("1 < <2>3"));
        assert_eq!(root.child_text("C"), Some(""));
        assert_eq!(root.child_text("D"), None);
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = "<a>".repeat(1000);
        let long = format!("<a>{}</a>", " ".repeat(LONGEST_DOCUMENT));
        let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
        assert_eq!(Element::parse(&deep), Err(XmlError::TooDeep));
        assert_eq!(Element::parse(&long), Err(XmlError::TooLong));
        assert_eq!(Element::parse(bomb), Err(XmlError::DocumentType));
        for broken in
            ["", "x", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a/>x", "<a>&b;</a>", "<a>&#0;</a>", "<a>&", "<"]
        {
            assert!(Element::parse(broken).is_err(), "{broken}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(text in any::<String>()) {
            let root = Element::parse(&written(&text)).unwrap();
            let expected = printable(&text);
            prop_assert_eq!(root.child_text("Leaf"), Some(expected.as_ref()));
        }

        #[test]
        fn reading_never_panics(text in "[<>/&;!?\\[\\]a-c #x0-9'\"= \n-]{0,80}") {
            let _ = Element::parse(&text);
        }

        #[test]
        fn reading_anything_never_panics(text in any::<String>()) {
            let _ = Element::parse(&text);
        }
    }
}
