//! Listing items, and changing what is listed.

mod form;
pub(super) mod price;
mod room;
pub(super) mod slug;
mod sweep;
mod uploads;
mod write;

pub use form::{FIELDS, Intent, of_item};
pub use price::parse as parse_price;
pub use room::Room;
pub use sweep::sweep;
pub use uploads::{Upload, UploadError, Use};

use crate::Shop;
use crate::catalogue::extras::{self, Sample, SampleKind};
use crate::catalogue::{Item, ItemState, StoredFile, storage, store as items, versions};
use crate::fees;
use crate::ids::{CategorySlug, ItemId, ItemSlug};
use crate::merchants::Merchant;
use app::form::FormState;
use form::Terms;
use jiff::Timestamp;
use platform::db::WriteError;
use shop_pages::model::Rating;

#[derive(Debug, thiserror::Error)]
pub enum ListingError {
    /// The errors stand at their fields; what was sent with it is kept.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState, Attached),
    #[error("there is no such item of this seller")]
    NotFound,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for ListingError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// Files that came with the form, now or with an earlier try: drafts of the seller's, with what they are for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attached(pub Vec<(Use, StoredFile)>);

impl Attached {
    pub fn of(&self, purpose: Use) -> impl Iterator<Item = &StoredFile> {
        self.0.iter().filter(move |(of, _)| *of == purpose).map(|(_, file)| file)
    }
}

/// What was sent: the texts, the new files, the keys of files that were kept of an earlier try, and what is to be taken
/// away.
#[derive(Debug, Default)]
pub struct Sent {
    pub form: FormState,
    pub files: Attached,
    pub kept: Vec<(Use, String)>,
    /// The keys of files of the item.
    pub removed: Vec<String>,
}

/// An item as its seller edits it.
#[derive(Debug, Clone)]
pub struct Edited {
    pub item: Item,
    pub tags: Vec<String>,
    /// Those that are sold now.
    pub files: Vec<StoredFile>,
    pub samples: Vec<Sample>,
}

/// What became of the item.
#[derive(Debug, Clone)]
pub struct Saved {
    pub slug: ItemSlug,
    pub state: ItemState,
}

/// The merchant's own item.
pub async fn find(shop: &Shop, merchant: &Merchant, slug: &ItemSlug) -> Result<Edited, ListingError> {
    let item = items::by_slug(shop.db.readers(), slug).await?;
    let item = item.filter(|item| item.merchant_id == merchant.id).ok_or(ListingError::NotFound)?;
    Ok(Edited {
        tags: extras::tags(&shop.db, &item.id).await?,
        files: versions::files_of(&shop.db, &item).await?,
        samples: extras::samples(&shop.db, &item.id).await?,
        item,
    })
}

/// Takes the form in: as a new item, or as a change of one. Files that were sent stay drafts when it is refused.
pub async fn save(
    shop: &Shop,
    merchant: &Merchant,
    edited: Option<&Edited>,
    mut sent: Sent,
    intent: Intent,
) -> Result<Saved, ListingError> {
    let attached = attached(shop, merchant, &mut sent).await?;
    let state = state_after(edited.map(|edited| edited.item.state), intent);
    let files = files_after(edited, &sent, &attached);
    let book = fees::in_force(shop.db.readers(), Some(merchant), shop.clock.now()).await?;
    let categories = items::categories(&shop.db).await?;
    let known = |slug: &CategorySlug| categories.iter().any(|category| category.slug == *slug);
    for purpose in Use::ALL {
        let old = edited.map_or(0, |edited| count_left(edited, purpose, &sent.removed));
        if old + attached.of(purpose).count() > purpose.most() {
            sent.form.refuse(purpose.field(), format!("There can be at most {} of these.", purpose.most()));
        }
    }
    let on_sale = state == ItemState::Published;
    let Some(terms) = form::read(&mut sent.form, on_sale, !files.is_empty(), &book, known) else {
        return Err(ListingError::Invalid(sent.form, attached));
    };
    let now = shop.clock.now();
    let id = edited.map_or_else(|| shop.new_id(), |edited| edited.item.id.clone());
    let new = item_of(id, merchant, &terms, &attached, state, now);
    let files = if terms.physical { Vec::new() } else { files };
    let samples = samples_after(edited, &sent, &attached);
    let to_write = write::ToWrite {
        is_new: edited.is_none(),
        new,
        terms,
        files,
        samples,
        removed: sent.removed.clone(),
        attached: attached.clone(),
        now,
        stamp: super::stamp(shop, merchant),
    };
    let written: Result<Option<Saved>, ListingError> =
        shop.db.transact(to_write, |c, to_write| Box::pin(write::write(c, to_write))).await;
    if let Some(saved) = written? {
        shop.shared_pages.forget();
        return Ok(saved);
    }
    let mut form = sent.form;
    form.refuse("file", "A file was not kept for so long. Choose it again.");
    Err(ListingError::Invalid(form, Attached::default()))
}

/// The item as the form says it; of one that is there already some things stay as they were.
fn item_of(
    id: ItemId,
    merchant: &Merchant,
    terms: &Terms,
    attached: &Attached,
    state: ItemState,
    now: Timestamp,
) -> Item {
    Item {
        id,
        slug: slug::from_title(&terms.title),
        merchant_id: merchant.id.clone(),
        seller: merchant.name.clone(),
        category: terms.category.clone(),
        title: terms.title.clone(),
        creator: terms.creator.clone(),
        description: terms.description.clone(),
        price: terms.price,
        delivery: terms.delivery,
        physical: terms.physical,
        licence: terms.licence.clone(),
        cover_key: attached.of(Use::Cover).next().map(|file| file.key.clone()),
        preview_key: attached.of(Use::Audio).next().map(|file| file.key.clone()),
        state,
        stock: terms.stock,
        version: None,
        handling_days: terms.handling_days,
        featured_rank: None,
        created_at: now,
        published_at: (state == ItemState::Published).then_some(now),
        updated_at: now,
        rating: Rating::default(),
    }
}

/// What comes with the form, with what came with earlier tries. What cannot be found any more is asked for again.
async fn attached(shop: &Shop, merchant: &Merchant, sent: &mut Sent) -> Result<Attached, sqlx::Error> {
    let keys: Vec<&str> = sent.kept.iter().map(|(_, key)| key.as_str()).collect();
    let drafts = storage::drafts(&shop.db, &merchant.id, &keys).await?;
    let mut all = Vec::new();
    for (purpose, key) in &sent.kept {
        // One of these is replaced by a new one.
        let replaced = purpose.most() == 1 && sent.files.of(*purpose).next().is_some();
        match drafts.iter().find(|draft| draft.key == *key) {
            Some(draft) if !replaced => all.push((*purpose, draft.clone())),
            Some(_) => {}
            None => sent.form.refuse(purpose.field(), "A file was not kept for so long. Choose it again."),
        }
    }
    all.append(&mut sent.files.0.clone());
    Ok(Attached(all))
}

/// What was sent though nothing is to be saved: for the same form once more.
pub async fn look_at(
    shop: &Shop,
    merchant: &Merchant,
    mut sent: Sent,
) -> Result<(FormState, Attached), sqlx::Error> {
    let attached = attached(shop, merchant, &mut sent).await?;
    Ok((sent.form, attached))
}

const fn state_after(before: Option<ItemState>, intent: Intent) -> ItemState {
    match (intent, before) {
        (Intent::Publish, _) => ItemState::Published,
        (Intent::Archive, _) => ItemState::Archived,
        (Intent::Unpublish | Intent::BringBack, _) | (Intent::Save, None) => ItemState::Draft,
        (Intent::Save, Some(state)) => state,
    }
}

fn files_after(edited: Option<&Edited>, sent: &Sent, attached: &Attached) -> Vec<StoredFile> {
    let old = edited.into_iter().flat_map(|edited| &edited.files);
    old.filter(|file| !sent.removed.contains(&file.key)).chain(attached.of(Use::Sale)).cloned().collect()
}

fn samples_after(edited: Option<&Edited>, sent: &Sent, attached: &Attached) -> Vec<Sample> {
    let new: Vec<Sample> =
        [(Use::Picture, SampleKind::Picture), (Use::Page, SampleKind::Page), (Use::Demo, SampleKind::Demo)]
            .into_iter()
            .flat_map(|(purpose, kind)| {
                attached.of(purpose).map(move |file| Sample { kind, file: file.clone() })
            })
            .collect();
    let stays = |old: &&Sample| {
        let replaced = old.kind != SampleKind::Picture && new.iter().any(|new| new.kind == old.kind);
        !replaced && !sent.removed.contains(&old.file.key)
    };
    let old: Vec<Sample> =
        edited.into_iter().flat_map(|edited| &edited.samples).filter(stays).cloned().collect();
    old.into_iter().chain(new).collect()
}

/// How many of the item's own stay, of those that are not simply replaced.
fn count_left(edited: &Edited, purpose: Use, removed: &[String]) -> usize {
    let stays = |key: &str| !removed.iter().any(|removed| removed == key);
    match purpose {
        Use::Sale => edited.files.iter().filter(|file| stays(&file.key)).count(),
        Use::Picture => {
            let pictures = edited.samples.iter().filter(|sample| sample.kind == SampleKind::Picture);
            pictures.filter(|sample| stays(&sample.file.key)).count()
        }
        Use::Cover | Use::Audio | Use::Page | Use::Demo => 0,
    }
}
