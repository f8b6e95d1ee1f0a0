//! From a view to the text of a page.

use leptos::prelude::*;

/// Renders a whole document. Async data has no place here: the page got it all.
pub fn document<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    format!("<!doctype html>{}", fragment(view))
}

/// Renders a part of a page, to be kept and put into pages later.
pub fn fragment<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    without_markers(&owner.with(|| view().into_view().to_html()))
}

/// The renderer puts `<!>` behind texts, for a browser that would find its way back to them. None does here, and
/// in a title or a text area they would be shown. What people typed is escaped, and cannot look like one.
fn without_markers(html: &str) -> String {
    html.replace("<!>", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_alone_and_typed_markers_stay_text() {
        let (name, typed) = ("Ann".to_owned(), "<!>".to_owned());
        let html = fragment(|| view! { <p>"Hello " {name} ", " {typed} "."</p> });
        assert_eq!(html, "<p>Hello Ann, &lt;!&gt;.</p>");
    }
}
