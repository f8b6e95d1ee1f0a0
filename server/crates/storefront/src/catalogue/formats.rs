//! In which formats an item is delivered, as people choose it by them.

use text_types::words;

words! {
    /// Part of addresses: `/?format=pdf`.
    pub enum Format {
        Csv = "csv",
        Epub = "epub",
        Flac = "flac",
        Html = "html",
        Jpeg = "jpeg",
        Mp3 = "mp3",
        Mp4 = "mp4",
        Ods = "ods",
        Ogg = "ogg",
        Otf = "otf",
        Pdf = "pdf",
        Png = "png",
        /// Something to hold, sent as a parcel.
        Post = "post",
        Python = "python",
        Svg = "svg",
        Text = "text",
        Ttf = "ttf",
        Wav = "wav",
        Woff2 = "woff2",
        Zip = "zip",
    }
}

impl Format {
    /// `None` for what nobody chooses by.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Some(match media_type {
            "application/epub+zip" => Self::Epub,
            "application/pdf" => Self::Pdf,
            "application/vnd.oasis.opendocument.spreadsheet"
            | "application/vnd.oasis.opendocument.spreadsheet-flat-xml" => Self::Ods,
            "application/zip" => Self::Zip,
            "audio/flac" | "audio/x-flac" => Self::Flac,
            "audio/mpeg" => Self::Mp3,
            "audio/ogg" => Self::Ogg,
            "audio/wav" | "audio/x-wav" | "audio/vnd.wave" => Self::Wav,
            "font/otf" => Self::Otf,
            "font/ttf" => Self::Ttf,
            "font/woff2" => Self::Woff2,
            "image/jpeg" => Self::Jpeg,
            "image/png" => Self::Png,
            "image/svg+xml" => Self::Svg,
            "text/csv" => Self::Csv,
            "text/html" => Self::Html,
            "text/plain" => Self::Text,
            "text/x-python" => Self::Python,
            "video/mp4" => Self::Mp4,
            _ => return None,
        })
    }

    /// What a person calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "Table (CSV)",
            Self::Epub => "EPUB book",
            Self::Flac => "FLAC audio",
            Self::Html => "Web page (HTML)",
            Self::Jpeg => "JPEG image",
            Self::Mp3 => "MP3 audio",
            Self::Mp4 => "MP4 video",
            Self::Ods => "OpenDocument spreadsheet",
            Self::Ogg => "Ogg audio",
            Self::Otf => "OpenType font",
            Self::Pdf => "PDF",
            Self::Png => "PNG image",
            Self::Post => "Sent by post",
            Self::Python => "Python program",
            Self::Svg => "SVG drawing",
            Self::Text => "Plain text",
            Self::Ttf => "TrueType font",
            Self::Wav => "WAV audio",
            Self::Woff2 => "Web font (WOFF2)",
            Self::Zip => "ZIP archive",
        }
    }
}

/// What a person calls a media type.
pub fn name_of_media_type(media_type: &str) -> &str {
    match media_type {
        "application/octet-stream" => "File",
        other => Format::of_media_type(other).map_or(other, |format| format.name()),
    }
}
