//! An XML answer with a line for each element.

const STEP: &str = "  ";

/// As it is where it has lines already, or is no XML.
pub(super) fn pretty(xml: &str) -> String {
    if xml.trim().contains('\n') || !xml.starts_with('<') {
        return xml.to_owned();
    }
    let mut written = String::with_capacity(xml.len() * 2);
    let mut depth = 0_usize;
    let mut rest = xml;
    while !rest.is_empty() {
        let (line, after) = line(rest);
        let is_closing = line.starts_with("</");
        depth = depth.saturating_sub(usize::from(is_closing));
        if !written.is_empty() {
            written.push('\n');
        }
        written.extend(std::iter::repeat_n(STEP, depth));
        written.push_str(line);
        let is_opening =
            !is_closing && !line.starts_with("<?") && !line.ends_with("/>") && !line.contains("</");
        depth += usize::from(is_opening && line.starts_with('<'));
        rest = after;
    }
    written
}

/// A tag; or an element that holds text alone; or text.
fn line(rest: &str) -> (&str, &str) {
    let Some(tag) = rest.strip_prefix('<').and_then(|_| rest.find('>')) else {
        return rest.split_at(rest.find('<').filter(|at| *at > 0).unwrap_or(rest.len()));
    };
    let name = rest[1..=tag].trim_end_matches('>').split(' ').next().unwrap_or_default();
    let closing = format!("</{name}>");
    let inside = &rest[tag + 1..];
    match inside.find('<') {
        Some(end) if inside[end..].starts_with(&closing) => rest.split_at(tag + 1 + end + closing.len()),
        _ => rest.split_at(tag + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn each_element_has_its_line() {
        let xml = "<?xml version=\"1.0\"?><A xmlns=\"http://x/\"><B><C>1 &lt; 2</C><D/><E></E></B></A>";
        let lines = "<?xml version=\"1.0\"?>\n<A xmlns=\"http://x/\">\n  <B>\n    <C>1 &lt; 2</C>\n    <D/>\n    \
                     <E></E>\n  </B>\n</A>";
        assert_eq!(pretty(xml), lines);
        assert_eq!(pretty(lines), lines);
    }

    #[test]
    fn what_is_no_xml_stays() {
        for text in ["", "plain", "<", "<a", "</a></a>", "<é>ü</é", "<a>b<c"] {
            assert_eq!(pretty(text).replace(['\n', ' '], ""), text);
        }
    }
}
