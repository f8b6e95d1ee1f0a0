//! The forms of a page, as a browser would send them. Only pages of this program are read: their HTML is written one way.

/// What the form that is sent to `action` has filled in beside what a person types or chooses; all of the page's forms,
/// where none is named.
pub fn fields_of(html: &str, action: Option<&str>) -> Vec<(String, String)> {
    let form = match action {
        Some(action) => {
            let named = format!("action=\"{action}\"");
            html.split("<form").find(|form| form.split('>').next().is_some_and(|tag| tag.contains(&named)))
        }
        None => Some(html),
    };
    let form =
        form.map(|form| if action.is_some() { form.split("</form").next().unwrap_or(form) } else { form });
    let inputs = form.unwrap_or_default().split("<input").skip(1);
    let tags = inputs.map(|rest| rest.split('>').next().unwrap_or_default());
    tags.filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
        .collect()
}

/// The value of the radio button beside which these words stand.
pub fn radio(html: &str, words: &str) -> Option<String> {
    let inputs = html.split("<input").skip(1);
    inputs
        .filter(|input| input.contains(words))
        .map(|input| input.split('>').next().unwrap_or_default())
        .find(|tag| attribute(tag, "type").as_deref() == Some("radio"))
        .and_then(|tag| attribute(tag, "value"))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<form method="post" action="/other"><input type="hidden" name="x" value="1"></form>
        <form method="post" action="/c"><input type="hidden" name="a" value="1 &amp; 2"><input name="b" value="3">
        <label><input type="radio" name="i" value="I1" checked> Visa</label>
        <label><input type="radio" name="i" value="I2"> Account balance</label></form>"#;

    #[test]
    fn a_form_has_what_is_hidden_in_it() {
        assert_eq!(fields_of(PAGE, Some("/c")), [("a".to_owned(), "1 & 2".to_owned())]);
        assert_eq!(fields_of(PAGE, None).len(), 2);
        assert!(fields_of(PAGE, Some("/none")).is_empty());
    }

    #[test]
    fn a_choice_is_found_by_its_words() {
        assert_eq!(radio(PAGE, "Account balance").as_deref(), Some("I2"));
        assert_eq!(radio(PAGE, "Gold"), None);
    }
}
