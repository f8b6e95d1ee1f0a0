//! What the pages promise, checked in the HTML that they give.

mod buying;
mod fragments;
mod hostile;
mod samples;
mod selling;
mod visitors;

use super::*;
use crate::model::*;

const HOSTILE: &str = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";

fn chrome() -> Chrome {
    Chrome { path: "/".to_owned(), site_url: "http://shop.test".to_owned(), ..Chrome::default() }
}

fn signed_in() -> Chrome {
    let viewer = Viewer {
        name: HOSTILE.to_owned(),
        merchant: true,
        operator: true,
        unread: 2,
        unread_mail: 1,
        in_cart: 2,
    };
    Chrome { viewer: Some(viewer), notice: Some(HOSTILE.to_owned()), ..chrome() }
}
