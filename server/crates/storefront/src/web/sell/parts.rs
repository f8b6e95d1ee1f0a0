//! The parts of a listing's form, read as they arrive: its files go to the store, whatever becomes of the rest.

use crate::Shop;
use crate::merchants::Merchant;
use crate::selling::listing::{FIELDS, Sent, Upload, UploadError, Use};
use http::StatusCode;
use platform::web::{MOST_FIELDS, MultipartField, MultipartForm, Refusal};

const LARGEST_TEXT: usize = 64 * 1024;

/// What stands before the key of a file that waits, and of one that is taken away.
const KEPT: &str = "kept:";
const REMOVE: &str = "remove:";

/// Which button was pressed, beside what the service takes.
#[derive(Debug, Default)]
pub struct Parts {
    pub sent: Sent,
    pub button: String,
}

/// Reads the parts in their order. What is too large is read on to the end of the form and dropped, so that the browser
/// gets the form back with the reason; what goes beyond all bounds is left where it is.
pub async fn read(shop: &Shop, merchant: &Merchant, mut form: MultipartForm) -> Result<Parts, Refusal> {
    let mut parts = Parts::default();
    let mut seen: Vec<String> = Vec::new();
    let mut count = 0;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(parts),
            Err(refusal) => return too_much(parts, "file", refusal),
        };
        // Each name is compared with all before it.
        count += 1;
        if count > MOST_FIELDS {
            return Err(Refusal::bad_request("The form has too many fields."));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let purpose = Use::ALL.into_iter().find(|purpose| purpose.field() == name);
        let may_repeat = purpose.is_some_and(|purpose| purpose.most() > 1);
        if seen.contains(&name) && !may_repeat {
            return Err(Refusal::bad_request("The form has the same field more than once."));
        }
        if let Some(purpose) = purpose {
            if let Err(refusal) = read_file(shop, merchant, field, purpose, &mut parts.sent).await {
                return too_much(parts, purpose.field(), refusal);
            }
        } else {
            read_known(field, &name, &mut parts).await?;
        }
        seen.push(name);
    }
}

/// A form beyond all bounds is refused with what came before: other trouble is told as it is.
fn too_much(mut parts: Parts, field: &'static str, refusal: Refusal) -> Result<Parts, Refusal> {
    if refusal.facts().status != StatusCode::PAYLOAD_TOO_LARGE {
        return Err(refusal);
    }
    parts.sent.form.refuse(
        field,
        format!("{} Choose smaller files, or send them one after the other.", refusal.facts().detail),
    );
    Ok(parts)
}

async fn read_known(field: MultipartField, name: &str, parts: &mut Parts) -> Result<(), Refusal> {
    if name == "do" {
        parts.button = read_text(field).await?;
    } else if FIELDS.contains(&name) {
        parts.sent.form.set(name, read_text(field).await?);
    } else if let Some(key) = name.strip_prefix(REMOVE) {
        parts.sent.removed.push(key.to_owned());
    } else if let Some((purpose, key)) = name.strip_prefix(KEPT).and_then(|kept| kept.split_once(':'))
        && let Some(purpose) = Use::ALL.into_iter().find(|known| known.field() == purpose)
    {
        parts.sent.kept.push((purpose, key.to_owned()));
    }
    // Anything else is nothing of ours: the parser skips it.
    Ok(())
}

async fn read_text(mut field: MultipartField) -> Result<String, Refusal> {
    let mut content = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if content.len() + chunk.len() > LARGEST_TEXT {
            return Err(Refusal::of(StatusCode::PAYLOAD_TOO_LARGE));
        }
        content.extend_from_slice(&chunk);
    }
    let text =
        String::from_utf8(content).map_err(|_| Refusal::bad_request("The form's text is not UTF-8."))?;
    if text.contains('\0') {
        return Err(Refusal::bad_request("The form has a NUL character."));
    }
    Ok(text)
}

async fn read_file(
    shop: &Shop,
    merchant: &Merchant,
    mut field: MultipartField,
    purpose: Use,
    sent: &mut Sent,
) -> Result<(), Refusal> {
    let name = field.file_name().unwrap_or_default().to_owned();
    // A file field that was left empty.
    let Some(first) = field.chunk().await? else { return Ok(()) };
    let upload = Upload::begin(shop, merchant, purpose, &name).await.map_err(Refusal::because)?;
    let problem = match stream(shop, merchant, field, first, upload).await? {
        Ok(Some(file)) => {
            sent.files.0.push((purpose, file));
            return Ok(());
        }
        Ok(None) => return Ok(()),
        Err(problem) => problem,
    };
    if sent.form.error(purpose.field()).is_none() {
        sent.form.refuse(purpose.field(), problem);
    }
    Ok(())
}

type Arrived = Result<Option<crate::catalogue::StoredFile>, String>;

/// The whole file, or what is wrong with it; of what is refused nothing stays, and the rest is read and dropped.
async fn stream(
    shop: &Shop,
    merchant: &Merchant,
    mut field: MultipartField,
    first: bytes::Bytes,
    mut upload: Upload,
) -> Result<Arrived, Refusal> {
    let mut next = Some(first);
    while let Some(chunk) = next {
        match upload.write(chunk).await {
            Ok(()) => {}
            Err(UploadError::Refused(problem)) => {
                upload.abandon(shop).await.map_err(Refusal::because)?;
                while field.chunk().await?.is_some() {}
                return Ok(Err(problem));
            }
            Err(error) => return Err(Refusal::because(error)),
        }
        next = match field.chunk().await {
            Ok(next) => next,
            Err(refusal) => {
                upload.abandon(shop).await.map_err(Refusal::because)?;
                return Err(refusal);
            }
        };
    }
    match upload.finish(shop, merchant).await {
        Ok(file) => Ok(Ok(file)),
        Err(UploadError::Refused(problem)) => Ok(Err(problem)),
        Err(error) => Err(Refusal::because(error)),
    }
}
