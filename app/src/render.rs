//! From a view to the text of a page.

use leptos::prelude::*;

/// What Leptos puts between the parts of a view for a browser that takes the page over. Ours never do, and in
/// a title people would read it. Text and attributes have no such thing in them: their `<` is escaped.
const MARK: &str = "<!>";

/// Renders a whole document. Async data has no place here: the page got it all.
pub fn document<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    format!("<!doctype html>{}", fragment(view))
}

/// Renders a part of a page, to be kept and put into pages later.
pub fn fragment<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    owner.with(|| view().into_view().to_html()).replace(MARK, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_people_read_and_nothing_for_the_machine() {
        let (name, typed) = ("<!>&", "\"<!>");
        let page = document(move || view! { <title>{name}" sold by "{name}</title><input value=typed/> });
        let name = "&lt;!&gt;&amp;";
        assert_eq!(
            page,
            format!("<!doctype html><title>{name} sold by {name}</title><input value=\"&quot;&lt;!&gt;\">")
        );
    }
}
