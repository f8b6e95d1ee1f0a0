//! `/sell/items/new`: the listing form and its files.

use super::ready::not_ready;
use crate::Shop;
use crate::ids::ItemSlug;
use crate::merchants::{Merchant, store};
use crate::selling::listing::Room;
use crate::selling::listing::{
    self, COVER_TOO_LARGE, Cover, FIELDS, LARGEST_COVER, ListingError, Upload, UploadError, Uploads,
};
use crate::web::{SignedIn, catalogue_pages, page};
use app::form::FormState;
use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use platform::web::{MOST_FIELDS, MultipartField, MultipartForm, Refusal, see_other};
use shop_pages::model::NewItemPage;
use shop_pages::pages;
use tracing::Instrument;

/// A little more than a file and a cover, so that a file that is slightly too large is told at its field.
const LARGEST_BODY: usize = 64 * 1024 * 1024;
const LARGEST_TEXT: usize = 64 * 1024;

pub async fn form(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    let Some(merchant) = seller(&shop, &visitor).await? else {
        return Ok(see_other("/sell"));
    };
    if let Some(told) = not_ready(&shop, &visitor, &merchant).await? {
        return Ok(told);
    }
    show(&shop, &visitor, &merchant, FormState::default()).await
}

pub async fn list(
    State(shop): State<Shop>,
    visitor: SignedIn,
    request: Request,
) -> Result<Response, Refusal> {
    let Some(merchant) = seller(&shop, &visitor).await? else {
        return Ok(see_other("/sell"));
    };
    let form = MultipartForm::of(request, LARGEST_BODY)?;
    // In a task of its own: who hangs up ends the request, and must not keep us from tidying up.
    let listing = take(shop.clone(), merchant.clone(), form).in_current_span();
    match tokio::spawn(listing).await.map_err(Refusal::because)?? {
        Ok(slug) => {
            visitor.tell("Your item is for sale now.").await?;
            Ok(see_other(&format!("/items/{slug}")))
        }
        Err(ListingError::Invalid(form)) => show(&shop, &visitor, &merchant, form).await,
        Err(ListingError::Files(error)) => Err(error.into()),
        Err(ListingError::Database(error)) => Err(error.into()),
    }
}

async fn take(
    shop: Shop,
    merchant: Merchant,
    form: MultipartForm,
) -> Result<Result<ItemSlug, ListingError>, Refusal> {
    let room = Room::of(&shop, &merchant.id).await?;
    let (form, uploads) = read(&shop, form, room).await?;
    Ok(listing::list(&shop, &merchant, form, uploads).await)
}

/// Whoever may list: a registered merchant. Others are told on `/sell` what is missing.
async fn seller(shop: &Shop, visitor: &SignedIn) -> Result<Option<Merchant>, Refusal> {
    let merchant = store::by_user(&shop.db, &visitor.user.id).await?;
    let merchant = merchant.filter(Merchant::is_registered);
    if merchant.is_none() {
        visitor.tell("Register with Amazon Payments first: then you can list items.").await?;
    }
    Ok(merchant)
}

async fn show(
    shop: &Shop,
    visitor: &SignedIn,
    merchant: &Merchant,
    form: FormState,
) -> Result<Response, Refusal> {
    let categories = catalogue_pages::categories(&shop.db).await?;
    let valid = form.is_valid();
    let room_words = Room::of(shop, &merchant.id).await?.words();
    let data = NewItemPage {
        categories,
        form,
        fee_words: super::fee_words(shop, Some(merchant)).await?,
        room_words,
    };
    Ok(page(valid, pages::new_item(&visitor.chrome, &data)))
}

/// Reads the fields in their order; the file for sale goes to the store as it arrives.
async fn read(
    shop: &Shop,
    mut multipart: MultipartForm,
    room: Room,
) -> Result<(FormState, Uploads), Refusal> {
    let (mut form, mut uploads) = (FormState::default(), Uploads::within(room));
    let outcome = read_fields(shop, &mut multipart, &mut form, &mut uploads).await;
    if let (Err(_), Some(file)) = (&outcome, &uploads.file) {
        shop.files.delete(&file.key).await?;
    }
    outcome.map(|()| (form, uploads))
}

async fn read_fields(
    shop: &Shop,
    multipart: &mut MultipartForm,
    form: &mut FormState,
    uploads: &mut Uploads,
) -> Result<(), Refusal> {
    let mut seen: Vec<String> = Vec::new();
    while let Some(field) = multipart.next_field().await? {
        // Each name is compared with all before it.
        if seen.len() == MOST_FIELDS {
            return Err(Refusal::bad_request("The form has too many fields."));
        }
        let name = field.name().unwrap_or_default().to_owned();
        if seen.contains(&name) {
            return Err(Refusal::bad_request("The form has the same field more than once."));
        }
        match name.as_str() {
            "file" => read_file(shop, field, uploads).await?,
            "cover" => read_cover(field, uploads).await?,
            known if FIELDS.contains(&known) => form.set(known, read_text(field).await?),
            // Nothing of ours: the parser skips it.
            _ => {}
        }
        seen.push(name);
    }
    Ok(())
}

async fn read_text(mut field: MultipartField) -> Result<String, Refusal> {
    let content = read_bytes(&mut field, LARGEST_TEXT).await?;
    let content = content.ok_or_else(|| Refusal::of(StatusCode::PAYLOAD_TOO_LARGE))?;
    let text =
        String::from_utf8(content).map_err(|_| Refusal::bad_request("The form's text is not UTF-8."))?;
    if text.contains('\0') {
        return Err(Refusal::bad_request("The form has a NUL character."));
    }
    Ok(text)
}

/// The whole field, or `None` when it is longer; what is too long is read to its end and dropped.
async fn read_bytes(field: &mut MultipartField, longest: usize) -> Result<Option<Vec<u8>>, Refusal> {
    let mut content = Vec::new();
    let mut too_long = false;
    while let Some(chunk) = field.chunk().await? {
        too_long |= content.len() + chunk.len() > longest;
        if !too_long {
            content.extend_from_slice(&chunk);
        }
    }
    Ok((!too_long).then_some(content))
}

async fn read_cover(mut field: MultipartField, uploads: &mut Uploads) -> Result<(), Refusal> {
    match read_bytes(&mut field, LARGEST_COVER).await? {
        // A file field that was left empty.
        Some(content) if content.is_empty() => {}
        Some(_) if !uploads.room_for_cover() => uploads.cover_problem = Some(uploads.room.problem()),
        Some(content) => match Cover::check(content.into()) {
            Ok(cover) => uploads.cover = Some(cover),
            Err(problem) => uploads.cover_problem = Some(problem),
        },
        None => uploads.cover_problem = Some(COVER_TOO_LARGE.to_owned()),
    }
    Ok(())
}

async fn read_file(shop: &Shop, mut field: MultipartField, uploads: &mut Uploads) -> Result<(), Refusal> {
    let name = field.file_name().unwrap_or_default();
    let mut upload = Upload::begin(shop, name, uploads.room_for_file());
    loop {
        let chunk = match field.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(refusal) => {
                upload.abandon().await.map_err(Refusal::because)?;
                return Err(refusal);
            }
        };
        if uploads.file_problem.is_some() {
            continue;
        }
        match upload.write(chunk).await {
            Ok(()) => {}
            Err(UploadError::TooLarge) => {
                uploads.file_problem =
                    Some("The file is larger than 50 MB. Choose a smaller one.".to_owned());
            }
            Err(UploadError::NoRoom) => uploads.file_problem = Some(uploads.room.problem()),
            Err(UploadError::Files(error)) => return Err(error.into()),
        }
    }
    if uploads.file_problem.is_none() {
        uploads.file = upload.finish().await.map_err(Refusal::because)?;
    }
    Ok(())
}
