//! Forms with files, read part by part as they arrive.
//!
//! multer parses them; but it keeps the head of a part until it is whole, however long, and takes all that the
//! connection has before it looks at any of it. So what it is given is looked at before.

use super::Refusal;
use axum::body::BodyDataStream;
use axum::extract::Request;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Bytes of what stands before a part's content, its name above all.
const LARGEST_HEAD: usize = 8 * 1024;
const AFTER_HEAD: &[u8] = b"\r\n\r\n";

/// The parts of a `multipart/form-data` body, in their order.
#[derive(Debug)]
pub struct MultipartForm(multer::Multipart<'static>);

/// One part. What of it has not been read is skipped by the next one.
#[derive(Debug)]
pub struct MultipartField(multer::Field<'static>);

impl MultipartForm {
    /// 415 when the request has no such body; 413 comes with the part that goes beyond `largest` bytes in all.
    pub fn of(request: Request, largest: usize) -> Result<Self, Refusal> {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = content_type.and_then(|kind| multer::parse_boundary(kind).ok());
        let boundary = boundary.ok_or_else(|| Refusal::of(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let body = Watched {
            body: request.into_body().into_data_stream(),
            parts: Parts::new(&boundary),
            left: largest,
            largest,
            breathes: false,
        };
        Ok(Self(multer::Multipart::new(body, boundary)))
    }

    /// The next part; `None` after the last.
    pub async fn next_field(&mut self) -> Result<Option<MultipartField>, Refusal> {
        let field = self.0.next_field().await.map_err(|error| refusal(&error))?;
        Ok(field.map(MultipartField))
    }
}

impl MultipartField {
    pub fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// As the sender has it: never a path of ours.
    pub fn file_name(&self) -> Option<&str> {
        self.0.file_name()
    }

    /// What of the content has arrived; `None` at its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Refusal> {
        self.0.chunk().await.map_err(|error| refusal(&error))
    }
}

#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("The form is larger than {} MB, which is all that is taken at once.", .0 / (1024 * 1024))]
    TooLarge(usize),
    #[error("A part of the form has a head of more than 8 KB: give its file a shorter name.")]
    LongHead,
    #[error("The form did not arrive whole. Please send it again.")]
    Broken(#[source] axum::Error),
}

/// All of these are the sender's doing.
fn refusal(error: &multer::Error) -> Refusal {
    let multer::Error::StreamReadFailed(cause) = error else {
        return Refusal::bad_request("The form cannot be read: its parts do not stand as they should.");
    };
    match cause.downcast_ref::<BodyError>() {
        Some(error @ BodyError::TooLarge(_)) => {
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", error.to_string())
        }
        Some(error) => Refusal::bad_request(error.to_string()),
        None => Refusal::of(StatusCode::BAD_REQUEST),
    }
}

/// A body on its way to the parser.
struct Watched {
    body: BodyDataStream,
    parts: Parts,
    left: usize,
    largest: usize,
    /// The parser asks until there is nothing for the moment. Between two pieces there is nothing for a moment, so
    /// that it never has more than one.
    breathes: bool,
}

impl Stream for Watched {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.breathes) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = ready!(self.body.poll_next_unpin(cx)) else { return Poll::Ready(None) };
        Poll::Ready(Some(piece.map_err(BodyError::Broken).and_then(|piece| self.look_at(piece))))
    }
}

impl Watched {
    fn look_at(&mut self, piece: Bytes) -> Result<Bytes, BodyError> {
        self.left = self.left.checked_sub(piece.len()).ok_or(BodyError::TooLarge(self.largest))?;
        self.parts.pass(&piece)?;
        self.breathes = true;
        Ok(piece)
    }
}

/// Where in the form a byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first part, or in the head of a part: so many bytes of it.
    Preamble(usize),
    Head(usize),
    Content,
}

/// Finds the heads of the parts, to measure them.
#[derive(Debug)]
struct Parts {
    /// What stands between two parts, with the line's end before it.
    delimiter: Vec<u8>,
    place: Place,
    /// How many bytes of what ends this place have just passed.
    matched: usize,
}

impl Parts {
    fn new(boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // The first delimiter begins a line without one that ends before it.
        Self { delimiter, place: Place::Preamble(0), matched: 2 }
    }

    fn pass(&mut self, piece: &[u8]) -> Result<(), BodyError> {
        let mut rest = piece;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match &mut self.place {
                Place::Content if self.matched == 0 && byte != b'\r' => {
                    // Nothing ends before the next line does.
                    rest = memchr::memchr(b'\r', rest).map_or(&[], |at| &rest[at..]);
                    continue;
                }
                Place::Content => {}
                Place::Preamble(length) | Place::Head(length) => {
                    *length += 1;
                    if *length > LARGEST_HEAD {
                        return Err(BodyError::LongHead);
                    }
                }
            }
            self.step(byte);
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) {
        let end = if let Place::Head(_) = self.place { AFTER_HEAD } else { &self.delimiter };
        // Both begin with a carriage return, and what has one again further on matches it there.
        self.matched = match byte {
            byte if byte == end[self.matched] => self.matched + 1,
            b'\r' => 1,
            _ => 0,
        };
        if self.matched == end.len() {
            self.matched = 0;
            self.place = if let Place::Head(_) = self.place { Place::Content } else { Place::Head(0) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures_util::stream;
    use std::convert::Infallible;

    const LARGEST: usize = 1024 * 1024;

    fn form(body: Body) -> MultipartForm {
        let kind = "multipart/form-data; boundary=b-b";
        MultipartForm::of(Request::builder().header(CONTENT_TYPE, kind).body(body).unwrap(), LARGEST).unwrap()
    }

    /// The parts' names and contents, when the body comes in pieces of this size.
    async fn read(body: &[u8], size: usize) -> Result<Vec<(String, Vec<u8>)>, (u16, String)> {
        let pieces: Vec<_> =
            body.chunks(size).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
        read_all(form(Body::from_stream(stream::iter(pieces)))).await
    }

    async fn read_all(mut form: MultipartForm) -> Result<Vec<(String, Vec<u8>)>, (u16, String)> {
        let told = |refusal: Refusal| (refusal.facts().status.as_u16(), refusal.facts().detail.clone());
        let mut parts = Vec::new();
        while let Some(mut field) = form.next_field().await.map_err(told)? {
            let mut content = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(told)? {
                content.extend_from_slice(&chunk);
            }
            parts.push((field.name().unwrap_or_default().to_owned(), content));
        }
        Ok(parts)
    }

    fn part(name: &str, more: &str, content: &[u8]) -> Vec<u8> {
        let head = format!("--b-b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    }

    fn whole(parts: &[Vec<u8>]) -> Vec<u8> {
        [parts.concat().as_slice(), b"--b-b--\r\n"].concat()
    }

    #[tokio::test]
    async fn parts_are_read_however_they_are_cut() {
        let tricky = b"\r\r\n--b-\r\n--b\r\n\r\n\r\n-b-b\r".to_vec();
        let contents = [b"".to_vec(), tricky, vec![b'\r'; 20_000], vec![b'x'; 100_000]];
        let parts: Vec<_> = contents.iter().map(|content| part("a", "", content)).collect();
        let body = whole(&parts);
        let expected: Vec<_> = contents.into_iter().map(|content| ("a".to_owned(), content)).collect();
        for size in [1, 2, 3, 7, 4096, body.len()] {
            assert_eq!(read(&body, size).await.as_ref(), Ok(&expected), "in pieces of {size}");
        }
    }

    #[tokio::test]
    async fn the_head_of_a_part_is_bounded() {
        let long = format!("; filename=\"{}\"", "x".repeat(LARGEST_HEAD - 200));
        assert_eq!(read(&whole(&[part("a", &long, b"1")]), 1000).await.unwrap().len(), 1);
        let longer = format!("; filename=\"{}\"", "x".repeat(LARGEST_HEAD));
        let first = whole(&[part("a", &longer, b"1")]);
        let later = whole(&[part("a", "", b"1"), part("b", &longer, b"2")]);
        let endless = [b"--b-b\r\nX: ".to_vec(), vec![b'x'; 500_000]].concat();
        let preamble = vec![b'x'; 500_000];
        let preamble_with_head = [b"\r\n\r\n".to_vec(), preamble.clone()].concat();
        for body in [&first, &later, &endless, &preamble, &preamble_with_head] {
            for size in [1000, body.len()] {
                let (status, told) = read(body, size).await.unwrap_err();
                assert_eq!((status, told.contains("8 KB")), (400, true), "{told}");
            }
        }
    }

    #[tokio::test]
    async fn what_the_parser_has_not_asked_for_is_not_taken() {
        let mut taken = 0;
        let pieces = stream::iter(
            whole(&[part("a", "", &vec![b'x'; 500_000])])
                .chunks(1000)
                .map(<[u8]>::to_vec)
                .collect::<Vec<_>>(),
        );
        let (count, counted) = tokio::sync::mpsc::unbounded_channel();
        let mut counted = counted;
        let pieces = pieces.map(move |piece| {
            count.send(piece.len()).unwrap();
            Ok::<_, Infallible>(Bytes::from(piece))
        });
        let mut form = form(Body::from_stream(pieces));
        let mut field = form.next_field().await.unwrap().unwrap();
        let mut read = 0;
        while let Some(chunk) = field.chunk().await.unwrap() {
            read += chunk.len();
            while let Ok(piece) = counted.try_recv() {
                taken += piece;
            }
            assert!(taken <= read + 3000, "{taken} taken at {read}");
        }
    }

    #[tokio::test]
    async fn a_form_that_is_too_large_or_broken_is_told_so() {
        let large = whole(&[part("a", "", &vec![b'x'; LARGEST])]);
        let (status, told) = read(&large, 4096).await.unwrap_err();
        assert_eq!((status, told.contains("1 MB")), (413, true), "{told}");
        let cut = part("a", "", b"abc");
        assert_eq!(read(&cut[..cut.len() - 4], 10).await.unwrap_err().0, 400);
        assert_eq!(read(b"no boundary", 10).await.unwrap_err().0, 400);
        let gone: [Result<Bytes, _>; 2] =
            [Ok(part("a", "", b"abc").into()), Err(std::io::Error::other("gone"))];
        let (status, told) = read_all(form(Body::from_stream(stream::iter(gone)))).await.unwrap_err();
        assert_eq!((status, told.contains("whole")), (400, true), "{told}");
    }

    #[test]
    fn nothing_else_is_a_form() {
        for kind in
            ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/mixed; boundary=b", ""]
        {
            let request = Request::builder().header(CONTENT_TYPE, kind).body(Body::empty()).unwrap();
            let refused = MultipartForm::of(request, LARGEST).unwrap_err();
            assert_eq!(refused.facts().status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        }
    }
}
