//! The files that come with a listing. Each goes to the store as it arrives and is a draft of its seller's when it is
//! whole, whatever becomes of the rest of the form.

use super::room::Room;
use crate::Shop;
use crate::catalogue::{StoredFile, storage};
use crate::files::FilesError;
use crate::ids::MerchantId;
use crate::merchants::Merchant;
use bytes::Bytes;
use jiff::Timestamp;
use object_store::buffered::BufWriter;
use platform::db::WriteError;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use tokio::io::AsyncWriteExt;

const MEGABYTE: u64 = 1024 * 1024;
const LONGEST_NAME: usize = 120;
/// Enough to recognise a file's type.
const HEAD: usize = 512;
/// Pictures that every browser shows and that can hold no script (SVG can).
const PICTURES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];
const SOUNDS: [&str; 4] = ["audio/mpeg", "audio/wav", "audio/ogg", "audio/x-flac"];
const PDF: &str = "application/pdf";
const HTML: &str = "text/html";

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To be sold.
    Sale,
    Cover,
    /// Beside the cover.
    Picture,
    /// A piece to listen to.
    Audio,
    /// A page to read.
    Page,
    /// A game or a program to try.
    Demo,
}

impl Use {
    pub const ALL: [Self; 6] = [Self::Sale, Self::Cover, Self::Picture, Self::Audio, Self::Page, Self::Demo];

    /// The form's field.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Sale => "file",
            Self::Cover => "cover",
            Self::Picture => "picture",
            Self::Audio => "audio",
            Self::Page => "page",
            Self::Demo => "demo",
        }
    }

    /// How many an item can have.
    pub const fn most(self) -> usize {
        match self {
            Self::Sale => 20,
            Self::Picture => 8,
            Self::Cover | Self::Audio | Self::Page | Self::Demo => 1,
        }
    }

    pub const fn largest(self) -> u64 {
        match self {
            Self::Sale => 50 * MEGABYTE,
            Self::Cover | Self::Picture => 2 * MEGABYTE,
            Self::Audio | Self::Page | Self::Demo => 5 * MEGABYTE,
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Sale => "uploads",
            Self::Cover => "covers",
            Self::Picture | Self::Audio | Self::Page | Self::Demo => "samples",
        }
    }

    /// What is said at the field of a file that is too large.
    pub(in crate::selling) fn too_large(self) -> String {
        let what = match self {
            Self::Sale | Self::Audio | Self::Page | Self::Demo => "file",
            Self::Cover | Self::Picture => "picture",
        };
        format!("The {what} is larger than {} MB. Choose a smaller one.", self.largest() / MEGABYTE)
    }

    /// Looks into the file itself: names and declared types are anyone's to choose.
    pub(in crate::selling) fn check(self, head: &[u8], name: &str) -> Result<(), String> {
        let found = recognised(head);
        let is_one_of = |known: &[&str]| found.is_some_and(|found| known.contains(&found));
        let (fits, problem) = match self {
            Self::Sale => (true, ""),
            Self::Cover => (is_one_of(&PICTURES), "Choose a PNG, JPEG or WebP picture as the cover."),
            Self::Picture => {
                (is_one_of(&PICTURES), "Choose PNG, JPEG or WebP pictures to go with the cover.")
            }
            Self::Audio => (is_one_of(&SOUNDS), "Choose an MP3, WAV, Ogg or FLAC file."),
            Self::Page => {
                let is_page =
                    is_one_of(&[PDF]) || (found.is_none() && media_type(head, name) == "text/plain");
                (is_page, "Choose a PDF or a plain text.")
            }
            Self::Demo => (media_type(head, name) == HTML, "Choose one HTML file that has all it needs."),
        };
        if fits { Ok(()) } else { Err(problem.to_owned()) }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// A sentence for the field.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for UploadError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// A file on its way into the store. It is there only after [`finish`](Self::finish).
#[derive(Debug)]
pub struct Upload {
    key: String,
    name: String,
    purpose: Use,
    writer: BufWriter,
    head: Vec<u8>,
    digest: Sha256,
    bytes: u64,
    room: Room,
}

impl Upload {
    pub async fn begin(
        shop: &Shop,
        merchant: &Merchant,
        purpose: Use,
        name: &str,
    ) -> Result<Self, UploadError> {
        let room = Room::of(shop, &merchant.id).await?;
        let now = shop.clock.now();
        let key = format!("{}/{}", purpose.folder(), shop.random.uuid(now));
        let input = (merchant.id.clone(), key.clone(), now);
        let noted: Result<(), sqlx::Error> = shop
            .db
            .transact(input, |c, (merchant, key, now)| Box::pin(storage::begin(c, merchant, key, *now)))
            .await;
        noted?;
        let writer = shop.files.writer(&key);
        let name = safe_name(name);
        let (head, digest) = (Vec::new(), Sha256::new());
        Ok(Self { key, name, purpose, writer, head, digest, bytes: 0, room })
    }

    /// Refuses what is too large, and what is of another kind as soon as that can be told. After that nothing more may be
    /// written.
    pub async fn write(&mut self, chunk: Bytes) -> Result<(), UploadError> {
        self.bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if self.bytes > self.purpose.largest() {
            return Err(UploadError::Refused(self.purpose.too_large()));
        }
        if self.bytes > self.room.left() {
            return Err(UploadError::Refused(self.room.problem()));
        }
        let wanted = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..wanted]);
        self.digest.update(&chunk);
        Ok(self.writer.put(chunk).await.map_err(FilesError::from)?)
    }

    /// Leaves nothing of what was written.
    pub async fn abandon(mut self, shop: &Shop) -> Result<(), UploadError> {
        self.writer.abort().await.map_err(FilesError::from)?;
        forget(shop, self.key).await
    }

    /// The file as a draft of the merchant's; `None` when nothing was in it.
    pub async fn finish(
        mut self,
        shop: &Shop,
        merchant: &Merchant,
    ) -> Result<Option<StoredFile>, UploadError> {
        let media_type = media_type(&self.head, &self.name);
        let fits = self.purpose.check(&self.head, &self.name);
        if self.bytes == 0 || fits.is_err() {
            let empty = self.bytes == 0;
            self.abandon(shop).await?;
            return if empty { Ok(None) } else { fits.map(|()| None).map_err(UploadError::Refused) };
        }
        self.writer.shutdown().await.map_err(FilesError::from)?;
        let sha256 = Some(hex::encode(self.digest.finalize()));
        let file = StoredFile { key: self.key, name: self.name, media_type, bytes: self.bytes, sha256 };
        let (room, key) = (self.room, file.key.clone());
        let input = (merchant.id.clone(), file, shop.clock.now(), room);
        let noted = shop
            .db
            .transact(input, |c, (merchant, file, at, room)| Box::pin(note(c, merchant, file, *at, *room)));
        match noted.await {
            Ok(file) => Ok(Some(file)),
            Err(error) => {
                shop.files.delete(&key).await?;
                forget(shop, key).await?;
                Err(error)
            }
        }
    }
}

/// In the transaction that counts it: of two that arrive at once, no more fit than there is room for.
async fn note(
    connection: &mut AnyConnection,
    merchant: &MerchantId,
    file: &StoredFile,
    at: Timestamp,
    room: Room,
) -> Result<StoredFile, UploadError> {
    let used = storage::finish(connection, merchant, file, at).await?;
    if room.takes(used) { Ok(file.clone()) } else { Err(UploadError::Refused(room.problem())) }
}

async fn forget(shop: &Shop, key: String) -> Result<(), UploadError> {
    let forgotten: Result<(), sqlx::Error> =
        shop.db.transact(key, |c, key| Box::pin(storage::forget(c, key))).await;
    Ok(forgotten?)
}

/// What the content says it is; what the name says where the content does not tell, as with texts.
fn media_type(head: &[u8], name: &str) -> String {
    match recognised(head) {
        Some(kind) => kind.to_owned(),
        None => mime_guess::from_path(name).first_or_octet_stream().essence_str().to_owned(),
    }
}

fn recognised(head: &[u8]) -> Option<&'static str> {
    infer::get(head).map(|kind| match kind.mime_type() {
        // infer's name for WAV is not the registered one.
        "audio/x-wav" => "audio/wav",
        other => other,
    })
}

/// The last part of the name, without what could mean something in a header or a folder.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |letter: &char| {
        !letter.is_control() && !matches!(letter, '"' | ';' | '<' | '>' | '|' | ':' | '*' | '?')
    };
    let name: String = last.chars().filter(harmless).collect();
    let name = name.trim().trim_start_matches('.');
    // The end is kept: it has the extension.
    let skipped = name.chars().count().saturating_sub(LONGEST_NAME);
    let name: String = name.chars().skip(skipped).collect();
    if name.is_empty() { "download".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_folders_and_quotes_and_keep_their_extension() {
        assert_eq!(safe_name("C:\\songs\\my \"best\" song.mp3"), "my best song.mp3");
        assert_eq!(safe_name("../../.bashrc"), "bashrc");
        assert_eq!(safe_name("\r\nx: y.txt"), "x y.txt");
        assert_eq!(safe_name("…"), "…");
        assert_eq!(safe_name("///"), "download");
        assert!(safe_name(&format!("{}.pdf", "x".repeat(500))).ends_with("x.pdf"));
    }

    #[test]
    fn a_file_is_what_its_content_or_else_its_name_says() {
        assert_eq!(media_type(b"%PDF-1.4", "song.mp3"), "application/pdf");
        assert_eq!(media_type(b"hello", "notes.txt"), "text/plain");
        assert_eq!(media_type(b"hello", "notes"), "application/octet-stream");
    }

    /// The summary above the form has them without their fields.
    #[test]
    fn each_field_says_in_its_own_words_what_it_takes() {
        let wrong = |purpose: Use| purpose.check(b"MZ", "a.exe").unwrap_err();
        let words = [Use::Cover, Use::Picture, Use::Audio, Use::Page, Use::Demo].map(wrong);
        let different: std::collections::BTreeSet<&String> = words.iter().collect();
        assert_eq!(different.len(), words.len(), "{words:?}");
    }

    #[test]
    fn what_is_shown_is_what_its_content_says() {
        assert!(Use::Cover.check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "c.gif").is_ok());
        for bad in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a......", b"%PDF-1.4", b"MZ", b""]
        {
            assert!(Use::Cover.check(bad, "c.png").is_err());
            assert!(Use::Picture.check(bad, "c.png").is_err() && Use::Audio.check(bad, "c.mp3").is_err());
        }
        assert!(Use::Audio.check(b"ID3\x03\0\0\0\0\0\0", "a").is_ok());
        assert!(
            Use::Page.check(b"%PDF-1.4", "a").is_ok() && Use::Page.check(b"Chapter one", "a.txt").is_ok()
        );
        assert!(Use::Page.check(b"<p>Chapter one", "a.html").is_err());
        assert!(Use::Page.check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.txt").is_err());
        assert!(Use::Demo.check(b"<!doctype html><title>A game", "a.html").is_ok());
        assert!(Use::Demo.check(b"MZ", "a.html").is_err() && Use::Demo.check(b"let a;", "a.js").is_err());
    }
}
