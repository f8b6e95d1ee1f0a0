//! What a seller offers, and the editor.

use super::buying::split_of;
use super::desk::desk;
use super::goods::{categories, martha, song_file};
use app::form::FormState;
use money::{Money, Percent};
use shop_pages::model::{
    Description, EditedItem, FeeFacts, ItemEditorPage, ListingState, ListingsPage, Paging, WaitingFile,
    WaySplit,
};
use shop_pages::pages;

pub fn listing_pages() -> Vec<(&'static str, String)> {
    let mut form = FormState::default();
    form.set("title", "Harbour at Dusk, A3 print");
    form.set("price", "24,50");
    form.set("kind", "physical");
    form.refuse("price", "Write the price with a point, such as 24.50.");
    form.refuse("category", "Choose a category.");
    let new_item = |form| ItemEditorPage {
        item: None,
        categories: categories(),
        form,
        waiting: Vec::new(),
        fees: vec![FeeFacts {
            category: None,
            fixed: Money::from_cents(5),
            variable: Percent::from_ten_thousandths(100_000),
            least: None,
            most: None,
        }],
        fee_words: "$0.05 and 10 % of the price".to_owned(),
        splits: ["Card", "Bank account", "Balance"]
            .map(|label| WaySplit { label, split: Some(split_of(2_450)), rules: Vec::new() })
            .into(),
        preview: None,
        room_words: "Your files take 38 MB of 1024 MB.".to_owned(),
        largest_file: 50 << 20,
    };
    let waiting = WaitingFile { field: "file", key: "uploads/1".to_owned(), file: song_file() };
    let refused_item = ItemEditorPage { waiting: vec![waiting], ..new_item(form) };
    let mut typed = FormState::default();
    typed.set("title", "Now and Forever");
    typed.set("description", "The single.\n\n- **one** take");
    let preview = Description {
        html: "<p>The single.</p><ul><li><strong>one</strong> take</li></ul>".into(),
        ..Description::default()
    };
    let edited = ItemEditorPage { item: Some(edited_item()), preview: Some(preview), ..new_item(typed) };
    let listings = ListingsPage {
        name: "Right Here Records".to_owned(),
        state: None,
        listings: desk().listings,
        paging: Paging::default(),
        registered: true,
    };
    let no_drafts =
        ListingsPage { state: Some(ListingState::Draft), listings: Vec::new(), ..listings.clone() };
    vec![
        ("new-item", pages::item_editor(&martha("/sell/items/new"), &new_item(FormState::default()))),
        ("new-item-refused", pages::item_editor(&martha("/sell/items/new"), &refused_item)),
        ("edit-item", pages::item_editor(&martha("/sell/items/now-and-forever"), &edited)),
        ("listings", pages::listings(&martha("/sell/items"), &listings)),
        ("listings-none", pages::listings(&martha("/sell/items?state=draft"), &no_drafts)),
    ]
}

fn edited_item() -> EditedItem {
    EditedItem {
        slug: "now-and-forever".to_owned(),
        title: "Now and Forever".to_owned(),
        state: ListingState::Published,
        was_published: true,
        version: Some(2),
        files: vec![("uploads/1".to_owned(), song_file())],
        cover: Some("covers/1".to_owned()),
        audio: None,
        page: None,
        demo: None,
        pictures: Vec::new(),
        missing: Vec::new(),
    }
}
