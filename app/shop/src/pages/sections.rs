//! The pages of a desk, beside each other.

use leptos::prelude::*;

/// A page with its place among those beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub path: &'static str,
    pub label: &'static str,
}

/// The merchant's desk, in the order in which it is used.
pub(super) const DESK: &[Section] = &[
    Section { path: "/sell", label: "Overview" },
    Section { path: "/sell/orders", label: "Orders" },
    Section { path: "/sell/items", label: "Listings" },
    Section { path: "/sell/messages", label: "Messages" },
    Section { path: "/sell/reviews", label: "Reviews" },
    Section { path: "/sell/customers", label: "Customers" },
    Section { path: "/sell/coupons", label: "Coupons" },
    Section { path: "/sell/figures", label: "Figures" },
    Section { path: "/sell/profile", label: "Profile" },
];

/// The operator's.
pub(super) const OPERATOR: &[Section] = &[
    Section { path: "/operator", label: "Overview" },
    Section { path: "/operator/orders", label: "Orders" },
    Section { path: "/operator/figures", label: "Figures" },
    Section { path: "/operator/users", label: "Users and sellers" },
    Section { path: "/operator/items", label: "Items" },
    Section { path: "/operator/disputes", label: "Refunds" },
    Section { path: "/operator/reviews", label: "Reviews" },
    Section { path: "/operator/fees", label: "Fees" },
    Section { path: "/operator/coupons", label: "Coupons" },
    Section { path: "/operator/health", label: "Health" },
    Section { path: "/operator/audit", label: "Audit log" },
];

/// The way to the other pages; nothing where there are none.
pub(super) fn sections(label: &'static str, sections: &[Section], current: &str) -> Option<AnyView> {
    if sections.len() < 2 {
        return None;
    }
    let links: Vec<_> = sections
        .iter()
        .map(|section| {
            let here = (section.path == current).then_some("page");
            view! { <li><a href=section.path aria-current=here>{section.label}</a></li> }
        })
        .collect();
    Some(view! { <nav class="sections" aria-label=label><ul role="list">{links}</ul></nav> }.into_any())
}
