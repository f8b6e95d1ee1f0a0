//! A form with files: read without a panic, the same however it is cut into pieces, and nothing longer than what
//! came.
#![no_main]

use axum::body::{Body, Bytes};
use axum::extract::Request;
use libfuzzer_sys::fuzz_target;
use platform::web::MultipartForm;
use std::convert::Infallible;

const LARGEST: usize = 64 * 1024;
const LARGEST_HEAD: usize = 8 * 1024;

/// Name, name of the file, content.
type Part = (Option<String>, Option<String>, Vec<u8>);

/// `None` when the form is refused.
async fn read(body: &[u8], size: usize) -> Option<Vec<Part>> {
    let pieces: Vec<_> =
        body.chunks(size).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
    let request = Request::builder().header("content-type", "multipart/form-data; boundary=b-b");
    let request = request.body(Body::from_stream(futures_util::stream::iter(pieces))).expect("a request");
    let mut form = MultipartForm::of(request, LARGEST).expect("it says that it is one");
    let mut parts = Vec::new();
    while let Some(mut field) = form.next_field().await.ok()? {
        let (name, file) = (field.name().map(str::to_owned), field.file_name().map(str::to_owned));
        let mut content = Vec::new();
        while let Some(chunk) = field.chunk().await.ok()? {
            content.extend_from_slice(&chunk);
        }
        parts.push((name, file, content));
    }
    Some(parts)
}

fuzz_target!(|input: &[u8]| {
    let Some((&size, body)) = input.split_first() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (whole, cut) = runtime.block_on(async {
        (read(body, body.len().max(1)).await, read(body, usize::from(size).max(1)).await)
    });
    // What is not UTF-8 becomes three bytes each.
    for (name, file, _) in whole.iter().chain(&cut).flatten() {
        assert!([name, file].into_iter().flatten().all(|text| text.len() <= 3 * LARGEST_HEAD));
    }
    for parts in whole.iter().chain(&cut) {
        assert!(parts.iter().map(|(_, _, content)| content.len()).sum::<usize>() <= body.len());
    }
    // What comes after the end can be refused when it comes at once, and never be looked at when it does not.
    if let (Some(whole), Some(cut)) = (whole, cut) {
        assert_eq!(whole, cut);
    }
});
