//! A seller's editor and figures.

use super::samples::{edited, editor, figures_page, sales_figures};
use super::*;
use app::form::FormState;

#[test]
fn figures_add_up_and_every_chart_has_its_table() {
    let html = figures(&chrome(), &figures_page("Song"));
    for amount in ["$2.00", "$0.50", "$0.20", "$0.10", "$1.20"] {
        assert!(html.contains(amount), "{amount}");
    }
    assert_eq!(html.matches("<details").count(), 2);
    assert!(html.contains("/sell/figures?from=2026-11-23&amp;to=2026-11-23&amp;by=week"), "{html}");
    let nothing = SalesFigures {
        spans: Vec::new(),
        top_items: Vec::new(),
        total: Sums::default(),
        ..sales_figures("Song")
    };
    let html = figures(&chrome(), &FiguresPage { figures: Some(nothing), ..figures_page("Song") });
    assert!(html.contains("Nothing was sold in this time.") && !html.contains("<details"));
}

#[test]
fn an_editor_has_the_buttons_that_can_work_now() {
    let html = |state| {
        let item = EditedItem { state, ..edited("Song") };
        item_editor(
            &chrome(),
            &ItemEditorPage { item: Some(item), ..editor(Vec::new(), FormState::default()) },
        )
    };
    for (state, has, lacks) in [
        (ListingState::Draft, ["Publish", "Save", "Archive"], ["Unpublish", "Bring back"]),
        (ListingState::Published, ["Save", "Unpublish", "Archive"], [">Publish", "Bring back"]),
        (ListingState::Archived, ["Bring back", "Save", "Save"], ["Unpublish", ">Publish"]),
    ] {
        let html = html(state);
        for button in has {
            assert!(html.contains(&format!("{button}</button>")), "{state:?} lacks {button}");
        }
        for button in lacks {
            assert!(!html.contains(&format!("{button}</button>")), "{state:?} has {button}");
        }
    }
    assert!(html(ListingState::Draft).contains("Before it can be published it needs a price."));
}
