//! The form of a listing: for a new one, and for one that is there.

use super::super::cards::item_path;
use super::super::facts::{checksum, file_words};
use super::super::shell;
use super::listings::state_words;
use super::split::splits;
use crate::model::{Chrome, EditedItem, FileFacts, ItemEditorPage, ListingState, WaitingFile};
use app::assets;
use app::components::field::{
    RadioOption, TextField, error_summary, file_field, optional_text_area, radio_group, select_field,
    text_area, text_field,
};
use app::components::size::size_words;
use app::form::FormState;
use leptos::prelude::*;

const PICTURES: &str = "image/png,image/jpeg,image/webp";

pub fn item_editor(chrome: &Chrome, page: &ItemEditorPage) -> String {
    let title =
        page.item.as_ref().map_or_else(|| "Add an item".to_owned(), |item| format!("Edit {}", item.title));
    shell::page(chrome, shell::form_title(&title, &page.form), || {
        let action = page
            .item
            .as_ref()
            .map_or_else(|| "/sell/items/new".to_owned(), |item| format!("/sell/items/{}", item.slug));
        view! {
            <div class="narrow">
                <p class="overline"><a href="/sell/items">"Your listings"</a></p>
                <h1>{title.clone()}</h1>
                {page.item.as_ref().map(standing)}
                {error_summary(&page.form)}
                <form
                    class="listing-form"
                    method="post"
                    action=action
                    enctype="multipart/form-data"
                    novalidate
                    data-largest=page.largest_file.to_string()
                >
                    {default_button()}
                    {words(page)}
                    {price(page)}
                    {delivery(&page.form)}
                    {files(page)}
                    {looks(page)}
                    {buttons(page)}
                </form>
            </div>
            <script src=assets::address("/public/desk.js") defer></script>
        }
        .into_any()
    })
}

/// What Enter in a field presses is the first button of a form.
fn default_button() -> AnyView {
    view! { <button class="by-enter" type="submit" name="do" value="save" tabindex="-1" aria-hidden="true">"Save"</button> }
        .into_any()
}

/// Where the item stands.
fn standing(item: &EditedItem) -> AnyView {
    let words = match item.state {
        ListingState::Draft if item.was_published => {
            "It was on sale and is not now. Nobody else sees it, but who has bought it keeps it."
        }
        ListingState::Draft => "Nobody else sees it before you publish it.",
        ListingState::Published => "Buyers see what you save at once. Sold orders keep what was sold.",
        ListingState::Archived => "It is sold no more. Its page stays for those who have it.",
    };
    let missing = (item.state != ListingState::Published && !item.missing.is_empty()).then(
        || view! { <p>{format!("Before it can be published it needs {}.", in_a_row(&item.missing))}</p> },
    );
    view! {
        <div class="panel">
            <p><strong class="badge">{state_words(item.state)}</strong> " " {words} " " <a href=item_path(&item.slug)>"See its page"</a></p>
            {missing}
        </div>
    }
    .into_any()
}

/// "a price, a file and a description"
fn in_a_row(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn words(page: &ItemEditorPage) -> AnyView {
    let form = &page.form;
    let categories: Vec<_> =
        page.categories.iter().map(|category| (category.slug.clone(), category.name.clone())).collect();
    let creator = TextField {
        hint: Some("Who made it: the artist, author, designer."),
        ..TextField::new("creator", "Creator")
    };
    let about = "What it is, what it is made of, how long it takes. A blank line starts a new paragraph; **bold**, \
                 *italic*, lists with - and links as [words](address) work.";
    let tags = TextField {
        hint: Some("Words that people may search for, with commas between them: harbour, ink, night."),
        optional: true,
        ..TextField::new("tags", "Tags")
    };
    view! {
        <fieldset class="group">
            <legend><h2>"What it is"</h2></legend>
            {text_field(form, TextField::new("title", "Title"))}
            {text_field(form, creator)}
            {select_field(form, "category", "Category", false, &categories)}
            {text_area(form, "description", "Description", 8, Some(about))}
            <p><button class="button button-quiet" type="submit" name="do" value="preview">"Preview"</button></p>
            {preview(page)}
            {text_field(form, tags)}
        </fieldset>
    }
    .into_any()
}

fn preview(page: &ItemEditorPage) -> Option<AnyView> {
    let html = page.preview.as_ref()?.html.clone();
    let view = view! {
        <section class="panel" id="preview" aria-labelledby="preview-title">
            <h3 id="preview-title">"As buyers will read it"</h3>
            <div class="prose" inner_html=html></div>
        </section>
    };
    Some(view.into_any())
}

fn price(page: &ItemEditorPage) -> AnyView {
    let price = TextField {
        hint: Some(
            "Dollars and cents, such as 4.50. To what is sent by post your rate for sending it is added.",
        ),
        input_mode: Some("decimal"),
        width: Some("short"),
        ..TextField::new("price", "Price in US dollars")
    };
    view! {
        <fieldset class="group">
            <legend><h2>"What it costs"</h2></legend>
            {text_field(&page.form, price)}
            <p class="muted">
                {format!("Of each sale the marketplace keeps {}. Amazon Payments takes its fee as well.", page.fee_words)}
            </p>
            {splits(&page.fees, &page.splits)}
            <p class="show-split">
                <button class="button button-quiet" type="submit" name="do" value="split">"Show the split"</button>
            </p>
        </fieldset>
    }
    .into_any()
}

fn delivery(form: &FormState) -> AnyView {
    let kinds = [
        RadioOption::new("digital", "Digital", "A file that buyers download."),
        RadioOption::new("physical", "Physical", "Something you send by post. Buyers tell you where to."),
    ];
    let deliveries = [
        RadioOption::new("instant", "At once", "The buyer is charged and downloads the file, without you."),
        RadioOption::new(
            "manual",
            "By hand",
            "The buyer's money is held until you press Fulfil. Physical goods always go this way.",
        ),
    ];
    let handling = TextField {
        hint: Some(
            "Of what goes by hand: within how many days of an order it is sent or ready, 1 to 7. Buyers read it before they \
             buy. Empty: nothing is said.",
        ),
        input_mode: Some("numeric"),
        width: Some("short"),
        optional: true,
        ..TextField::new("handling", "Days until it is sent or ready")
    };
    let licence = TextField {
        hint: Some(
            "What the buyer may do with it, in a few words: personal use, up to five computers. Empty: personal use.",
        ),
        optional: true,
        ..TextField::new("licence", "Licence")
    };
    let stock = TextField {
        hint: Some(
            "Of physical goods, how many there are. At the last one it is sold out. Empty: not counted.",
        ),
        input_mode: Some("numeric"),
        width: Some("short"),
        optional: true,
        ..TextField::new("stock", "Pieces in stock")
    };
    view! {
        <fieldset class="group">
            <legend><h2>"How it is delivered"</h2></legend>
            {radio_group(form, "kind", "Kind of goods", Some("digital"), &kinds)}
            {radio_group(form, "delivery", "When", Some("instant"), &deliveries)}
            {text_field(form, handling)}
            {text_field(form, stock)}
            <input type="hidden" name="stock_before" value=form.value("stock_before").to_owned() />
            {text_field(form, licence)}
        </fieldset>
    }
    .into_any()
}

fn files(page: &ItemEditorPage) -> AnyView {
    let form = &page.form;
    let item = page.item.as_ref();
    let own: Vec<_> =
        item.into_iter().flat_map(|item| &item.files).map(|(key, file)| own_file(key, file)).collect();
    let own = (!own.is_empty()).then(|| view! { <ul class="own-files" role="list">{own}</ul> });
    let label = if own.is_some() { "More files for sale" } else { "File for sale" };
    let hint = "What the buyer downloads: any kind of file, 50 MB each, several at once if you like. Physical goods need none.";
    let version = item.filter(|item| item.was_published && item.version.is_some()).map(|_| new_version(form));
    view! {
        <fieldset class="group">
            <legend><h2>"Files"</h2></legend>
            {own}
            {waiting(&page.waiting, "file")}
            {version}
            {file_field(form, "file", label, None, hint, true)}
            <p class="muted">{page.room_words.clone()}</p>
        </fieldset>
    }
    .into_any()
}

fn own_file(key: &str, file: &FileFacts) -> AnyView {
    view! {
        <li>
            <span class="file-name">{file.name.clone()}</span> " " <span class="muted">{file_words(file)}</span>
            {checksum(file)}
            {take_away(key, &file.name)}
        </li>
    }
    .into_any()
}

fn take_away(key: &str, what: &str) -> AnyView {
    let name = format!("remove:{key}");
    let label = format!("Take {what} away");
    view! { <label class="take-away"><input type="checkbox" name=name value="yes" /> " " {label}</label> }
        .into_any()
}

/// Files that wait for the form to be saved.
fn waiting(files: &[WaitingFile], field: &str) -> Option<AnyView> {
    let rows: Vec<_> = files
        .iter()
        .filter(|file| file.field == field)
        .map(|file| {
            view! {
                <li>
                    <input type="hidden" name=format!("kept:{}:{}", file.field, file.key) value="yes" />
                    <span class="file-name">{file.file.name.clone()}</span>
                    " "
                    <span class="muted">{format!("{}, uploaded and kept", size_words(file.file.bytes))}</span>
                    {checksum(&file.file)}
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="own-files" role="list">{rows}</ul> }.into_any())
}

fn new_version(form: &FormState) -> AnyView {
    let whom = [
        RadioOption::new("all", "Everybody", "Who has bought it gets the new version, too."),
        RadioOption::new("new", "New buyers", "Who has bought it keeps the version that they bought."),
    ];
    view! {
        <p>"Other files make a new version. What was sold before stays as it was."</p>
        {radio_group(form, "version_for", "Who gets the new version", Some("all"), &whom)}
        {optional_text_area(form, "version_notes", "What is new in it", 3, Some("For buyers. You can leave it empty."))}
    }
    .into_any()
}

fn looks(page: &ItemEditorPage) -> AnyView {
    let form = &page.form;
    let item = page.item.as_ref();
    let cover = item.and_then(|item| item.cover.as_ref()).map(|key| take_away(key, "your cover"));
    let audio = item.and_then(|item| item.audio.as_ref()).map(|key| take_away(key, "the piece to listen to"));
    let sample = item.and_then(|item| item.page.as_ref()).map(|(key, file)| take_away(key, &file.name));
    let demo = item.and_then(|item| item.demo.as_ref()).map(|(key, file)| take_away(key, &file.name));
    let pictures: Vec<_> = item
        .into_iter()
        .flat_map(|item| &item.pictures)
        .enumerate()
        .map(|(index, (key, picture))| {
            let what = format!("picture {}", index + 1);
            view! { <li><img src=picture.src.clone() alt="" width="96" height="96" loading="lazy" /> {take_away(key, &what)}</li> }
        })
        .collect();
    let pictures =
        (!pictures.is_empty()).then(|| view! { <ul class="own-pictures" role="list">{pictures}</ul> });
    let square =
        "A square PNG, JPEG or WebP picture of at most 2 MB. Without one we draw a cover from the title.";
    view! {
        <fieldset class="group">
            <legend><h2>"How it looks"</h2></legend>
            {cover}
            {waiting(&page.waiting, "cover")}
            {file_field(form, "cover", "Cover (optional)", Some(PICTURES), square, false)}
            {pictures}
            {waiting(&page.waiting, "picture")}
            {file_field(form, "picture", "More pictures (optional)", Some(PICTURES), "Up to 8, PNG, JPEG or WebP, 2 MB each.", true)}
            {audio}
            {waiting(&page.waiting, "audio")}
            {file_field(form, "audio", "A piece to listen to (optional)", Some("audio/*"), "MP3, WAV, Ogg or FLAC, at most 5 MB. Everybody can hear it.", false)}
            {sample}
            {waiting(&page.waiting, "page")}
            {file_field(form, "page", "A page to read (optional)", Some(".pdf,.txt"), "PDF or plain text, at most 5 MB. Everybody can read it.", false)}
            {demo}
            {waiting(&page.waiting, "demo")}
            {file_field(form, "demo", "A game or program to try (optional)", Some(".html"), "One HTML file that has all it needs, at most 5 MB. Everybody can start it on the item's page, where it reaches nothing else.", false)}
        </fieldset>
    }
    .into_any()
}

fn buttons(page: &ItemEditorPage) -> AnyView {
    let button = |value: &'static str, label: &'static str, class: &'static str, effect: &'static str| {
        let id = format!("{value}-effect");
        view! {
            <div class="form-button">
                <button class=class type="submit" name="do" value=value aria-describedby=id.clone()>{label}</button>
                <p class="effect" id=id>{effect}</p>
            </div>
        }
        .into_any()
    };
    let (first, quiet) = ("button button-large", "button button-quiet");
    let publish = |effect| button("publish", "Publish", first, effect);
    let archive = || {
        button(
            "archive",
            "Archive",
            quiet,
            "Saves it and takes it off sale for good. Its page and its buyers' files stay.",
        )
    };
    let all = match page.item.as_ref().map(|item| item.state) {
        None => vec![
            publish("It is for sale at once, and buyers find it under New."),
            button("save", "Save", quiet, "Keeps it as a draft that only you see."),
        ],
        Some(ListingState::Draft) => vec![
            publish("Saves it and puts it on sale at once."),
            button("save", "Save", quiet, "Keeps it as a draft that only you see."),
            archive(),
        ],
        Some(ListingState::Published) => vec![
            button("save", "Save", first, "Buyers see the changes at once. What was sold stays as it was."),
            button(
                "unpublish",
                "Unpublish",
                quiet,
                "Saves it and takes it off sale: it is a draft again. Orders that are placed go on.",
            ),
            archive(),
        ],
        Some(ListingState::Archived) => vec![
            button("restore", "Bring back", first, "Makes it a draft again, which you can publish."),
            button("save", "Save", quiet, "Keeps it archived, with your changes."),
        ],
    };
    view! {
        <div class="form-buttons">{all}</div>
        <p class="upload" role="status" hidden><progress max="100" value="0" aria-label="Upload"></progress> " " <span></span></p>
    }
    .into_any()
}
