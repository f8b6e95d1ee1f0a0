//! The files that come with a listing: the file for sale goes to the store as it arrives, the cover is
//! looked at first.

use super::room::{COVER_COUNTS, Room};
use crate::Shop;
use crate::catalogue::StoredFile;
use crate::files::FilesError;
use bytes::Bytes;
use object_store::buffered::BufWriter;
use tokio::io::AsyncWriteExt;

const LARGEST_FILE: u64 = 50 * 1024 * 1024;
pub const LARGEST_COVER: usize = 2 * 1024 * 1024;
/// What is said at the cover's field.
pub const COVER_TOO_LARGE: &str = "The picture is larger than 2 MB. Choose a smaller one.";
const LONGEST_NAME: usize = 120;
/// Enough to recognise a file's type.
const HEAD: usize = 512;
/// Pictures that every browser shows and that can hold no script (SVG can).
const COVER_TYPES: [(&str, &str); 3] = [("image/png", "png"), ("image/jpeg", "jpg"), ("image/webp", "webp")];

/// What came with the form. A problem is a sentence for its field.
#[derive(Debug)]
pub struct Uploads {
    /// Before these.
    pub room: Room,
    pub file: Option<StoredFile>,
    pub file_problem: Option<String>,
    pub cover: Option<Cover>,
    pub cover_problem: Option<String>,
}

impl Uploads {
    pub fn within(room: Room) -> Self {
        Self { room, file: None, file_problem: None, cover: None, cover_problem: None }
    }

    /// Bytes that a file may have beside the cover that has come.
    pub fn room_for_file(&self) -> u64 {
        self.room.left().saturating_sub(if self.cover.is_some() { COVER_COUNTS } else { 0 })
    }

    pub fn room_for_cover(&self) -> bool {
        self.room.left() >= self.file.as_ref().map_or(0, |file| file.bytes) + COVER_COUNTS
    }
}

/// A picture of a type that is shown.
#[derive(Debug)]
pub struct Cover {
    content: Bytes,
    extension: &'static str,
}

impl Cover {
    /// Looks into the picture itself: names and declared types are anyone's to choose.
    pub fn check(content: Bytes) -> Result<Self, String> {
        if content.len() > LARGEST_COVER {
            return Err(COVER_TOO_LARGE.to_owned());
        }
        let found = infer::get(&content).map(|kind| kind.mime_type());
        let known = COVER_TYPES.into_iter().find(|(media_type, _)| found == Some(*media_type));
        let (_, extension) = known.ok_or("Choose a PNG, JPEG or WebP picture.")?;
        Ok(Self { content, extension })
    }

    pub(in crate::selling) async fn keep(self, shop: &Shop) -> Result<String, FilesError> {
        let key = format!("covers/{}.{}", shop.random.uuid(shop.clock.now()), self.extension);
        shop.files.put(&key, self.content).await?;
        Ok(key)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error("the file is larger than 50 MB")]
    TooLarge,
    #[error("the seller's files would be more than one seller may have")]
    NoRoom,
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// A file for sale on its way into the store. It is there only after [`finish`](Self::finish).
#[derive(Debug)]
pub struct Upload {
    key: String,
    name: String,
    writer: BufWriter,
    head: Vec<u8>,
    bytes: u64,
    room: u64,
}

impl Upload {
    /// `room`: how many bytes it may have at the most.
    pub fn begin(shop: &Shop, name: &str, room: u64) -> Self {
        let key = format!("uploads/{}", shop.random.uuid(shop.clock.now()));
        let writer = shop.files.writer(&key);
        Self { key, name: safe_name(name), writer, head: Vec::new(), bytes: 0, room }
    }

    pub async fn write(&mut self, chunk: Bytes) -> Result<(), UploadError> {
        self.bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if self.bytes > LARGEST_FILE.min(self.room) {
            self.writer.abort().await.map_err(FilesError::from)?;
            return Err(if self.bytes > LARGEST_FILE { UploadError::TooLarge } else { UploadError::NoRoom });
        }
        let wanted = HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..wanted]);
        Ok(self.writer.put(chunk).await.map_err(FilesError::from)?)
    }

    /// Leaves nothing of what was written.
    pub async fn abandon(mut self) -> Result<(), FilesError> {
        Ok(self.writer.abort().await?)
    }

    /// `None` when nothing was in it.
    pub async fn finish(mut self) -> Result<Option<StoredFile>, UploadError> {
        if self.bytes == 0 {
            return Ok(None);
        }
        self.writer.shutdown().await.map_err(FilesError::from)?;
        let media_type = media_type(&self.head, &self.name);
        Ok(Some(StoredFile { key: self.key, name: self.name, media_type, bytes: self.bytes }))
    }
}

/// What the content says it is; what the name says where the content does not tell, as with texts.
fn media_type(head: &[u8], name: &str) -> String {
    match infer::get(head) {
        // infer's name for WAV is not the registered one.
        Some(kind) if kind.mime_type() == "audio/x-wav" => "audio/wav".to_owned(),
        Some(kind) => kind.mime_type().to_owned(),
        None => mime_guess::from_path(name).first_or_octet_stream().essence_str().to_owned(),
    }
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
    fn a_cover_is_what_its_content_says() {
        let png = Bytes::from_static(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        assert_eq!(Cover::check(png).unwrap().extension, "png");
        for bad in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a......", b"", b"MZ"] {
            assert!(Cover::check(Bytes::from_static(bad)).is_err());
        }
        let mut huge = b"\x89PNG\r\n\x1a\n".to_vec();
        huge.resize(LARGEST_COVER + 1, 0);
        assert!(Cover::check(huge.into()).unwrap_err().contains("2 MB"));
    }

    #[test]
    fn a_file_is_what_its_content_or_else_its_name_says() {
        assert_eq!(media_type(b"%PDF-1.4", "song.mp3"), "application/pdf");
        assert_eq!(media_type(b"hello", "notes.txt"), "text/plain");
        assert_eq!(media_type(b"hello", "notes"), "application/octet-stream");
    }
}
