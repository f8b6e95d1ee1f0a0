//! `/help`, `/terms`, `/privacy`: what this shop is.

use super::{Visitor, page};
use axum::response::Response;
use platform::web::keep_for_the_moment;
use shop_pages::pages::{self, About};

pub async fn help(visitor: Visitor) -> Response {
    show(&visitor, About::Help)
}

pub async fn terms(visitor: Visitor) -> Response {
    show(&visitor, About::Terms)
}

pub async fn privacy(visitor: Visitor) -> Response {
    show(&visitor, About::Privacy)
}

fn show(visitor: &Visitor, which: About) -> Response {
    keep_for_the_moment(page(true, pages::about(&visitor.chrome, which)))
}
