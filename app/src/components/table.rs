//! Tables that become lists where it is narrow.

use leptos::prelude::*;

/// A column: its heading, and whether it holds amounts or counts, which align at the end.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub heading: &'static str,
    pub numeric: bool,
}

impl Column {
    pub const fn words(heading: &'static str) -> Self {
        Self { heading, numeric: false }
    }

    pub const fn numbers(heading: &'static str) -> Self {
        Self { heading, numeric: true }
    }

    const fn class(self) -> Option<&'static str> {
        if self.numeric { Some("numeric") } else { None }
    }
}

/// `caption` names the table for those who do not see its heading. Each row has a cell for each column;
/// the first one names the row. The roles are said again because a table that is displayed as a list
/// loses them in some browsers.
pub fn table(caption: &'static str, columns: &[Column], rows: Vec<Vec<AnyView>>) -> AnyView {
    let headings: Vec<_> = columns
        .iter()
        .map(|column| {
            view! { <th scope="col" role="columnheader" class=column.class()>{column.heading}</th> }
        })
        .collect();
    let rows: Vec<_> = rows.into_iter().map(|cells| row(columns, cells)).collect();
    view! {
        <table class="stacking" role="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead role="rowgroup"><tr role="row">{headings}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(columns: &[Column], cells: Vec<AnyView>) -> AnyView {
    let mut cells = columns.iter().zip(cells);
    let first = cells.next().map(|(column, cell)| {
        view! { <th scope="row" role="rowheader" class=column.class()>{cell}</th> }
    });
    let rest: Vec<_> = cells
        .map(|(column, cell)| {
            view! { <td role="cell" class=column.class() data-label=column.heading>{cell}</td> }
        })
        .collect();
    view! { <tr role="row">{first} {rest}</tr> }.into_any()
}
