//! Texts that a device sent, made fit to be shown.

/// No name of a device is longer.
const MOST_CHARS: usize = 120;

/// `text` without control characters and marks that turn the line around, cut to what a line holds.
pub(crate) fn shown(text: &str) -> String {
    let plain = text.trim().chars().filter(|c| !is_hidden(*c));
    plain.take(MOST_CHARS).collect()
}

/// `token`, which names something at the device, if it can be shown and given back as it is.
pub(crate) fn token(token: &str) -> Option<String> {
    let same = !token.is_empty() && shown(token) == token;
    same.then(|| token.to_owned())
}

fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    c.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_moves_no_cursor_and_fills_no_screen() {
        assert_eq!(shown(" 北门\u{1b}[2J\ncam\u{202e} "), "北门[2Jcam");
        assert_eq!(shown(&"x".repeat(500)).len(), MOST_CHARS);
        assert_eq!(token("Profile_1"), Some("Profile_1".to_owned()));
        assert_eq!(token("a\u{7}"), None);
        assert_eq!(token(""), None);
    }
}
