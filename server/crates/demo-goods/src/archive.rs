//! Archives: many files in one, always the same bytes.

use crate::GoodsError;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A ZIP of files by their names.
pub fn zip<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, GoodsError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        // The time of a file in it is the format's first, 1980: it is not known, and must not change.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(4))
            .last_modified_time(zip::DateTime::default());
        archive.start_file(name, options)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The same, with a first file that is not compressed, as an EPUB wants it.
pub fn epub(media_type: &str, files: &[(String, String)]) -> Result<Vec<u8>, GoodsError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    archive.start_file("mimetype", options.compression_method(CompressionMethod::Stored))?;
    archive.write_all(media_type.as_bytes())?;
    for (name, content) in files {
        archive.start_file(name.as_str(), options.compression_method(CompressionMethod::Deflated))?;
        archive.write_all(content.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
