//! Charts: SVG from the server, in the site's colours, that stands still. Who does not see one hears what it is of and its
//! highest bar, and has every figure in the table behind it.

use leptos::prelude::*;

/// One bar of a chart over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for: "3 Nov 2026".
    pub label: String,
    /// How high it is, and how much of that is filled in the colour of what counts.
    pub whole: i64,
    pub part: i64,
    /// What both amount to, in words.
    pub words: String,
}

/// A chart over time: bars beside each other, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeChart {
    /// Unique on the page.
    pub id: &'static str,
    pub title: String,
    pub bars: Vec<Bar>,
    /// What the whole of a bar is, and its part.
    pub whole: &'static str,
    pub part: &'static str,
    /// The highest value in words, for the scale.
    pub highest: String,
}

/// Bars are drawn in a box of so many units in height, and as wide as there are bars, and stretched to the page.
const HEIGHT: i64 = 1000;
const WIDTH: i64 = 10;

/// The chart, with `table` behind it.
pub fn time_chart(chart: &TimeChart, table: AnyView) -> AnyView {
    let most = chart.bars.iter().map(|bar| bar.whole).max().unwrap_or(0).max(1);
    let width = WIDTH * i64::try_from(chart.bars.len().max(1)).unwrap_or(i64::MAX / WIDTH);
    let bars: Vec<_> = (0..).zip(&chart.bars).map(|(at, bar)| column(at, bar, most)).collect();
    let ends = [chart.bars.first(), chart.bars.last()].map(|bar| bar.map(|bar| bar.label.clone()));
    let [first, last] = ends.map(Option::unwrap_or_default);
    let (title_id, description_id) = (format!("{}-title", chart.id), format!("{}-description", chart.id));
    let labelled_by = format!("{title_id} {description_id}");
    view! {
        <figure class="chart">
            <ul class="chart-legend" role="list">
                <li><span class="chart-key chart-key-part" aria-hidden="true"></span>{chart.part}</li>
                <li><span class="chart-key chart-key-whole" aria-hidden="true"></span>{chart.whole}</li>
            </ul>
            <p class="chart-scale" aria-hidden="true">{chart.highest.clone()}</p>
            <svg
                class="chart-time"
                role="img"
                aria-labelledby=labelled_by
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="none"
                focusable="false"
            >
                <title id=title_id>{chart.title.clone()}</title>
                <desc id=description_id>{description(chart)}</desc>
                {bars}
            </svg>
            <p class="chart-ends" aria-hidden="true"><span>{first}</span> <span>{last}</span></p>
            {behind(table)}
        </figure>
    }
    .into_any()
}

/// What it shows, for those who do not see it.
fn description(chart: &TimeChart) -> String {
    let highest = chart.bars.iter().max_by_key(|bar| bar.whole).filter(|bar| bar.whole > 0);
    match (highest, chart.bars.first(), chart.bars.last()) {
        (Some(highest), Some(first), Some(last)) => format!(
            "Bars from {} to {}. The highest is {}: {}. All figures are in the table below.",
            first.label, last.label, highest.label, highest.words
        ),
        _ => "There is nothing in it.".to_owned(),
    }
}

fn column(at: i64, bar: &Bar, most: i64) -> AnyView {
    // A bar of a little is seen; what is below nothing is none.
    let height = |value: i64| if value > 0 { share(value, most, HEIGHT).max(HEIGHT / 100) } else { 0 };
    let (whole, part) = (height(bar.whole), height(bar.part.min(bar.whole)));
    let (x, width) = ((at * WIDTH + 1).to_string(), (WIDTH - 2).to_string());
    let rect = |class: &'static str, height: i64| {
        (height > 0).then(|| {
            let (y, height) = ((HEIGHT - height).to_string(), height.to_string());
            view! { <rect class=class x=x.clone() y=y width=width.clone() height=height></rect> }
        })
    };
    view! {
        <g>
            <title>{format!("{}: {}", bar.label, bar.words)}</title>
            {rect("chart-whole", whole)}
            {rect("chart-part", part)}
        </g>
    }
    .into_any()
}

/// `of` in the proportion of `value` to `most`.
fn share(value: i64, most: i64, of: i64) -> i64 {
    let share = i128::from(value.clamp(0, most)) * i128::from(of) / i128::from(most.max(1));
    i64::try_from(share).unwrap_or(of)
}

/// One row of a ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    pub label: String,
    /// Where the label leads.
    pub href: Option<String>,
    pub value: i64,
    /// The value as people read it.
    pub words: String,
}

/// Bars below each other, the longest first: label and value are text, the bar repeats them. With `table` behind it.
pub fn ranking(rows: &[Ranked], table: AnyView) -> AnyView {
    let most = rows.iter().map(|row| row.value).max().unwrap_or(0).max(1);
    let rows: Vec<_> = rows.iter().map(|row| ranked(row, most)).collect();
    view! { <figure class="chart"><dl class="chart-ranking">{rows}</dl> {behind(table)}</figure> }.into_any()
}

fn ranked(row: &Ranked, most: i64) -> AnyView {
    let label = row.label.clone();
    let label = match row.href.clone() {
        Some(href) => view! { <a href=href>{label}</a> }.into_any(),
        None => label.into_any(),
    };
    let width = format!("{}%", share(row.value, most, 100));
    view! {
        <div>
            <dt>{label}</dt>
            <dd>
                <span class="chart-value">{row.words.clone()}</span>
                <svg class="chart-bar" aria-hidden="true" focusable="false">
                    <rect width=width height="100%"></rect>
                </svg>
            </dd>
        </div>
    }
    .into_any()
}

fn behind(table: AnyView) -> AnyView {
    view! { <details class="chart-table"><summary>"As a table"</summary>{table}</details> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fragment;

    fn bar(label: &str, whole: i64, part: i64) -> Bar {
        Bar { label: label.to_owned(), whole, part, words: format!("{whole} and {part}") }
    }

    fn chart(bars: Vec<Bar>) -> String {
        let chart = TimeChart {
            id: "sales",
            title: "Sales <by> day".to_owned(),
            bars,
            whole: "Sold",
            part: "Left",
            highest: "$9.00".to_owned(),
        };
        fragment(move || time_chart(&chart, "the table".into_any()))
    }

    #[test]
    fn a_chart_is_read_aloud_and_has_no_style_of_its_own() {
        let html = chart(vec![bar("Mon", 500, 250), bar("Tue", 1000, -5), bar("Wed", 0, 0)]);
        assert!(html.contains(r#"role="img" aria-labelledby="sales-title sales-description""#), "{html}");
        assert!(html.contains(r#"<title id="sales-title">Sales &lt;by&gt; day</title>"#), "{html}");
        assert!(html.contains("Bars from Mon to Wed. The highest is Tue: 1000 and -5."), "{html}");
        assert!(html.contains("<details") && html.contains("the table"), "{html}");
        assert!(!html.contains("style="), "the policy refuses it");
        for rect in [
            r#"<rect x="1" y="500" width="8" height="500" class="chart-whole">"#,
            r#"<rect x="1" y="750" width="8" height="250" class="chart-part">"#,
            r#"<rect x="11" y="0" width="8" height="1000" class="chart-whole">"#,
        ] {
            assert!(html.contains(rect), "{rect} in {html}");
        }
        assert_eq!(html.matches("<rect").count(), 3, "nothing is drawn of nothing: {html}");
    }

    #[test]
    fn nothing_and_the_largest_amounts_are_drawn_too() {
        assert!(chart(Vec::new()).contains("There is nothing in it."));
        assert!(chart(vec![bar("a", i64::MAX, i64::MAX), bar("b", 1, i64::MIN)]).contains(r#"height="10""#));
    }

    #[test]
    fn a_ranking_is_text_first() {
        let row = |label: &str, value| Ranked {
            label: label.to_owned(),
            href: Some(format!("/items/{label}")),
            value,
            words: format!("{value} sold"),
        };
        let html = fragment(move || ranking(&[row("a", 4), row("b", 1)], ().into_any()));
        assert!(html.contains(r#"<a href="/items/a">a</a>"#) && html.contains("4 sold"), "{html}");
        assert!(html.contains(r#"width="100%""#) && html.contains(r#"width="25%""#), "{html}");
    }
}
