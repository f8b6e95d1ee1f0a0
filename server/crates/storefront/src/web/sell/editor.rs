//! `/sell/items/new` and `/sell/items/{slug}`: the form of a listing.

use super::parts::{self, Parts};
use super::ready::not_ready;
use crate::Shop;
use crate::catalogue::extras::{self, SampleKind};
use crate::catalogue::{ItemState, StoredFile};
use crate::fees::{self, Fee, FeeBook};
use crate::ids::{CategorySlug, ItemSlug};
use crate::markdown;
use crate::merchants::{Merchant, store};
use crate::orders::terms;
use crate::selling::listing::{self, Attached, Edited, Intent, ListingError, Room, Saved, Use};
use crate::web::{InAddress, SignedIn, catalogue_pages, page};
use app::form::FormState;
use axum::extract::{Request, State};
use axum::response::Response;
use money::Money;
use platform::web::{MultipartForm, Refusal, see_other};
use shop_pages::model::{EditedItem, FeeFacts, ItemEditorPage, WaitingFile};
use shop_pages::pages;
use tracing::Instrument;

/// What is too large for one file is read to its end and told at its field, up to here.
const LARGEST_BODY: usize = 256 * 1024 * 1024;

/// Of whom it is, and which: a new item has none.
#[derive(Debug, Clone)]
struct Context {
    merchant: Merchant,
    edited: Option<Edited>,
}

/// What was pressed.
#[derive(Debug, Clone, Copy)]
enum Button {
    /// Changes the item.
    Do(Intent),
    /// Shows the form again, with what it would look like.
    Preview,
    Split,
}

impl Button {
    /// A form of a program that names no button lists a new item at once, and saves what is there.
    fn read(word: &str, is_new: bool) -> Result<Self, Refusal> {
        Ok(match word {
            "" if is_new => Self::Do(Intent::Publish),
            "" | "save" => Self::Do(Intent::Save),
            "publish" => Self::Do(Intent::Publish),
            "unpublish" => Self::Do(Intent::Unpublish),
            "archive" => Self::Do(Intent::Archive),
            "restore" => Self::Do(Intent::BringBack),
            "preview" => Self::Preview,
            "split" => Self::Split,
            _ => return Err(Refusal::bad_request("There is no such button on this form.")),
        })
    }
}

pub async fn new(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    let Some(merchant) = seller(&shop, &visitor).await? else { return Ok(see_other("/sell")) };
    if let Some(told) = not_ready(&shop, &visitor, &merchant).await? {
        return Ok(told);
    }
    let context = Context { merchant, edited: None };
    answer(&shop, &visitor, &context, FormState::default(), &Attached::default(), false).await
}

pub async fn show(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(slug): InAddress<ItemSlug>,
) -> Result<Response, Refusal> {
    let context = own(&shop, &visitor, &slug).await?;
    let form = context
        .edited
        .as_ref()
        .map(|edited| listing::of_item(&edited.item, &edited.tags))
        .unwrap_or_default();
    answer(&shop, &visitor, &context, form, &Attached::default(), false).await
}

pub async fn create(
    State(shop): State<Shop>,
    visitor: SignedIn,
    request: Request,
) -> Result<Response, Refusal> {
    let Some(merchant) = seller(&shop, &visitor).await? else { return Ok(see_other("/sell")) };
    take(&shop, &visitor, Context { merchant, edited: None }, request).await
}

pub async fn change(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(slug): InAddress<ItemSlug>,
    request: Request,
) -> Result<Response, Refusal> {
    let context = own(&shop, &visitor, &slug).await?;
    take(&shop, &visitor, context, request).await
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

/// The visitor's own item; somebody else's does not exist.
async fn own(shop: &Shop, visitor: &SignedIn, slug: &ItemSlug) -> Result<Context, Refusal> {
    let merchant = store::by_user(&shop.db, &visitor.user.id).await?.ok_or_else(Refusal::not_found)?;
    let edited = Some(listing::find(shop, &merchant, slug).await?);
    Ok(Context { merchant, edited })
}

/// What became of the form.
enum Taken {
    Saved(Saved),
    /// To be shown again; at the foot of what was asked for.
    Again(FormState, Attached, bool),
}

async fn take(
    shop: &Shop,
    visitor: &SignedIn,
    context: Context,
    request: Request,
) -> Result<Response, Refusal> {
    let form = MultipartForm::of(request, LARGEST_BODY)?;
    // In a task of its own: who hangs up ends the request, and must not keep us from tidying up.
    let taking = take_form(shop.clone(), context.clone(), form).in_current_span();
    match tokio::spawn(taking).await.map_err(Refusal::because)?? {
        Taken::Saved(saved) => {
            let (notice, path) = outcome(&saved, context.edited.as_ref());
            visitor.tell(notice).await?;
            Ok(see_other(&path))
        }
        Taken::Again(form, attached, preview) => {
            answer(shop, visitor, &context, form, &attached, preview).await
        }
    }
}

async fn take_form(shop: Shop, context: Context, form: MultipartForm) -> Result<Taken, Refusal> {
    let Context { merchant, edited } = context;
    let Parts { sent, button } = parts::read(&shop, &merchant, form).await?;
    match Button::read(&button, edited.is_none())? {
        Button::Preview | Button::Split => {
            let (form, attached) = listing::look_at(&shop, &merchant, sent).await?;
            Ok(Taken::Again(form, attached, button == "preview"))
        }
        Button::Do(intent) => match listing::save(&shop, &merchant, edited.as_ref(), sent, intent).await {
            Ok(saved) => Ok(Taken::Saved(saved)),
            Err(ListingError::Invalid(form, attached)) => Ok(Taken::Again(form, attached, false)),
            Err(error) => Err(error.into()),
        },
    }
}

/// What the seller is told, and where it is seen: what has just come on sale at its page, all else in the editor.
fn outcome(saved: &Saved, edited: Option<&Edited>) -> (&'static str, String) {
    let before = edited.map(|edited| edited.item.state);
    let notice = match (before, saved.state) {
        (Some(ItemState::Published), ItemState::Published) => "Saved. Buyers see it now.",
        (_, ItemState::Published) => "Your item is for sale now.",
        (Some(ItemState::Published), ItemState::Draft) => "It is off sale, and a draft again.",
        (Some(ItemState::Archived), ItemState::Draft) => "It is a draft again. Publish it when it is ready.",
        (_, ItemState::Draft) => "Saved as a draft. Nobody else sees it.",
        (Some(ItemState::Archived), ItemState::Archived) => "Saved. It stays archived.",
        (_, ItemState::Archived) => "It is archived, and sold no more.",
    };
    let published_now = saved.state == ItemState::Published && before != Some(ItemState::Published);
    let path =
        if published_now { format!("/items/{}", saved.slug) } else { format!("/sell/items/{}", saved.slug) };
    (notice, path)
}

async fn answer(
    shop: &Shop,
    visitor: &SignedIn,
    context: &Context,
    form: FormState,
    attached: &Attached,
    preview: bool,
) -> Result<Response, Refusal> {
    let valid = form.is_valid();
    let price = listing::parse_price(form.value("price")).ok();
    let category = CategorySlug::new(form.value("category")).ok();
    let book = fees::in_force(shop.db.readers(), Some(&context.merchant), shop.clock.now()).await?;
    let fee = book.terms(category.as_ref(), price.unwrap_or(Money::ZERO));
    let waiting = |(purpose, file): &(Use, StoredFile)| WaitingFile {
        field: purpose.field(),
        key: file.key.clone(),
        file: file.facts(),
    };
    let data = ItemEditorPage {
        item: context.edited.as_ref().map(edited_item),
        categories: catalogue_pages::categories(&shop.db).await?,
        waiting: attached.0.iter().map(waiting).collect(),
        splits: terms::splits(price, &fee),
        fees: fee_facts(&book),
        fee_words: super::fee_words(shop, Some(&context.merchant)).await?,
        preview: preview.then(|| markdown::render(form.value("description"))),
        room_words: Room::of(shop, &context.merchant.id).await?.words(),
        largest_file: Use::Sale.largest(),
        form,
    };
    Ok(page(valid, pages::item_editor(&visitor.chrome, &data)))
}

/// The rules that can apply to an item of this seller, for the script that reckons while the price is typed.
fn fee_facts(book: &FeeBook) -> Vec<FeeFacts> {
    let categories = book.categories().map(Some);
    let facts = |category: Option<&CategorySlug>| {
        let Fee { fixed, variable, least, most } = book.fee(category);
        FeeFacts { category: category.map(ToString::to_string), fixed, variable, least, most }
    };
    std::iter::once(None).chain(categories).map(facts).collect()
}

fn edited_item(edited: &Edited) -> EditedItem {
    let Edited { item, files, samples, .. } = edited;
    let named = |file: &StoredFile| (file.key.clone(), file.facts());
    let pictures = samples.iter().filter(|sample| sample.kind == SampleKind::Picture);
    EditedItem {
        slug: item.slug.to_string(),
        title: item.title.clone(),
        state: item.state.for_pages(),
        was_published: item.published_at.is_some(),
        version: item.version.and_then(|number| u32::try_from(number).ok()),
        files: files.iter().map(named).collect(),
        cover: item.cover_key.clone(),
        audio: item.preview_key.clone(),
        page: extras::only(samples, SampleKind::Page).map(named),
        demo: extras::only(samples, SampleKind::Demo).map(named),
        pictures: (1..)
            .zip(pictures)
            .map(|(number, sample)| (sample.file.key.clone(), catalogue_pages::picture(item, number)))
            .collect(),
        missing: missing(edited),
    }
}

/// What it needs before it can be published.
fn missing(edited: &Edited) -> Vec<String> {
    let item = &edited.item;
    let all = [
        (item.creator.is_empty(), "a creator"),
        (item.description.is_empty(), "a description"),
        (!item.price.is_positive(), "a price"),
        (!item.physical && edited.files.is_empty(), "a file for sale"),
    ];
    all.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| what.to_owned()).collect()
}
