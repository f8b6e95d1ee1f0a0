//! `/sell/profile`: how a seller stands before buyers.

use super::Seller;
use crate::Shop;
use crate::merchants::{Merchant, profile_store};
use crate::selling::profile::{self, PictureError, Portrait, ProfileError};
use crate::web::{SignedIn, page};
use app::form::FormState;
use axum::extract::{Request, State};
use axum::response::Response;
use platform::web::{FormFields, MultipartField, MultipartForm, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::ProfilePage;
use shop_pages::pages;

const PATH: &str = "/sell/profile";
/// A little more than a picture, so that one that is slightly too large is told at its field.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

pub async fn form(State(shop): State<Shop>, seller: Seller) -> Result<Response, Refusal> {
    let Seller { visitor, merchant } = seller;
    Ok(keep_for_the_moment(show(&shop, &visitor, &merchant, None, FormState::default()).await?))
}

pub async fn save(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    fields: FormFields,
) -> Result<Response, Refusal> {
    match profile::save(&shop, &merchant, FormState::typed(fields.into_map())).await {
        Ok(()) => {
            visitor.tell("Saved. Buyers see it so from now on.").await?;
            Ok(see_other(PATH))
        }
        Err(ProfileError::Invalid(form)) => {
            show(&shop, &visitor, &merchant, Some(form), FormState::default()).await
        }
        Err(ProfileError::Name(problem)) => Err(Refusal::bad_request(problem.to_string())),
        Err(ProfileError::Database(error)) => Err(error.into()),
    }
}

/// The picture comes in a form of its own: a mistake elsewhere does not lose it.
pub async fn picture(
    State(shop): State<Shop>,
    Seller { visitor, merchant }: Seller,
    request: Request,
) -> Result<Response, Refusal> {
    let (picture, told) = match read_picture(MultipartForm::of(request, LARGEST_BODY)?).await? {
        Ok(Asked::Use(picture)) => (Some(picture), "Your page has the picture now."),
        Ok(Asked::Remove) => (None, "The picture is gone."),
        Err(problem) => {
            let mut picture_form = FormState::default();
            picture_form.refuse("picture", problem);
            return show(&shop, &visitor, &merchant, None, picture_form).await;
        }
    };
    match profile::change_picture(&shop, &merchant, picture).await {
        Ok(()) => {
            visitor.tell(told).await?;
            Ok(see_other(PATH))
        }
        Err(PictureError::Files(error)) => Err(error.into()),
        Err(PictureError::Database(error)) => Err(error.into()),
    }
}

enum Asked {
    Use(Portrait),
    Remove,
}

/// What the form asks for, or what is wrong with the picture.
async fn read_picture(mut form: MultipartForm) -> Result<Result<Asked, String>, Refusal> {
    let mut content = Some(Vec::new());
    while let Some(field) = form.next_field().await? {
        match field.name() {
            Some("remove") => return Ok(Ok(Asked::Remove)),
            Some("picture") => content = read_bytes(field).await?,
            // Nothing of ours: the parser skips it.
            _ => {}
        }
    }
    Ok(match content {
        Some(content) if content.is_empty() => Err("Choose a picture.".to_owned()),
        Some(content) => Portrait::check(content.into()).map(Asked::Use),
        None => Err(profile::too_large()),
    })
}

/// The whole of it, or `None` when it is longer than a picture may be; that is read to its end and dropped.
async fn read_bytes(mut field: MultipartField) -> Result<Option<Vec<u8>>, Refusal> {
    let mut content = Some(Vec::new());
    while let Some(chunk) = field.chunk().await? {
        content = content.filter(|content| fits(content.len() + chunk.len()));
        if let Some(content) = &mut content {
            content.extend_from_slice(&chunk);
        }
    }
    Ok(content)
}

fn fits(bytes: usize) -> bool {
    u64::try_from(bytes).is_ok_and(|bytes| bytes <= profile::LARGEST)
}

/// `typed` is what was refused; otherwise the form shows what is kept.
async fn show(
    shop: &Shop,
    visitor: &SignedIn,
    merchant: &Merchant,
    typed: Option<FormState>,
    picture_form: FormState,
) -> Result<Response, Refusal> {
    let rates = profile_store::rates_of(shop.db.readers(), &merchant.id).await?;
    let form = typed.unwrap_or_else(|| profile::form_of(merchant, &rates));
    let valid = form.is_valid() && picture_form.is_valid();
    let data = ProfilePage {
        name: merchant.name.clone(),
        path: merchant.seller().path,
        picture: merchant.picture_path(),
        form,
        picture_form,
        rates_unset: rates.are_unset(),
    };
    Ok(page(valid, pages::profile(&visitor.chrome, &data)))
}
