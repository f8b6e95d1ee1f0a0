//! What the files of an item are, known without making them. `data/files.txt` has a line for each; `examples/goods.rs`
//! writes it, and a test compares it with what is made.

use crate::goods::GoodsFile;
use crate::{GoodsError, Item};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::str::FromStr;

const FILES: &str = include_str!("../data/files.txt");
const SEPARATOR: &str = " | ";

/// What a file is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Who buys gets it.
    Sale,
    /// Everybody may hear it.
    Audio,
    /// Everybody may see it: a page of what is sold.
    Page,
    /// Everybody may see it.
    Picture,
    /// Everybody may play it for a while.
    Demo,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Audio => "audio",
            Self::Page => "page",
            Self::Picture => "picture",
            Self::Demo => "demo",
        }
    }
}

impl FromStr for Purpose {
    type Err = GoodsError;

    fn from_str(text: &str) -> Result<Self, GoodsError> {
        let all = [Self::Sale, Self::Audio, Self::Page, Self::Picture, Self::Demo];
        all.into_iter()
            .find(|purpose| purpose.as_str() == text)
            .ok_or_else(|| GoodsError::Data(format!("a file is for {text:?}")))
    }
}

/// A file of an item, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub purpose: Purpose,
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl Listed {
    pub fn of(purpose: Purpose, file: &GoodsFile) -> Self {
        let sha256 = hex::encode(Sha256::digest(&file.bytes));
        let (name, media_type) = (file.name.clone(), file.media_type.to_owned());
        Self { purpose, name, media_type, bytes: file.bytes.len() as u64, sha256 }
    }

    /// Its line of the list.
    pub fn line(&self, item: &Item) -> String {
        let (purpose, bytes) = (self.purpose.as_str(), self.bytes.to_string());
        [&item.slug, purpose, &self.name, &self.media_type, &bytes, &self.sha256].join(SEPARATOR)
    }

    /// The item's slug, and the file.
    fn parse(line: &'static str) -> Result<(&'static str, Self), GoodsError> {
        let wrong = || GoodsError::Data(format!("no file is {line:?}"));
        let fields: Vec<&str> = line.split(SEPARATOR).collect();
        let [slug, purpose, name, media_type, bytes, sha256] = fields[..] else { return Err(wrong()) };
        let listed = Self {
            purpose: purpose.parse()?,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: bytes.parse().map_err(|_| wrong())?,
            sha256: sha256.to_owned(),
        };
        Ok((slug, listed))
    }
}

/// All that is listed, by the items' slugs.
pub fn by_item() -> Result<HashMap<&'static str, Vec<Listed>>, GoodsError> {
    let mut all: HashMap<_, Vec<Listed>> = HashMap::new();
    for line in FILES.lines() {
        let (slug, listed) = Listed::parse(line)?;
        all.entry(slug).or_default().push(listed);
    }
    Ok(all)
}
