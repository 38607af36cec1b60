//! Addresses, which are shown, logged and copied.

/// What names of a query's keys hold when their values are secrets.
const SECRET: [&str; 8] = [
    "pass", "pwd", "psw", "token", "key", "secret", "auth", "sign",
];

/// Whether a text is an address in which somebody logs in. What stands before the `@` may hold every
/// other sign of an address, so nothing is split.
pub(crate) fn holds_login(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(_, rest)| rest.contains('@'))
}

/// An address as it may be shown: some devices want a password in the query, and its value is masked.
#[must_use]
pub fn shown_address(text: &str) -> String {
    let Some((place, query)) = text.split_once('?') else {
        return text.to_owned();
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((key, _)) if is_secret(key) => format!("{key}=***"),
        _ => pair.to_owned(),
    });
    let pairs: Vec<_> = pairs.collect();
    format!("{place}?{}", pairs.join("&"))
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET.iter().any(|name| key.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_query_is_masked_and_all_else_is_shown() {
        let shown =
            shown_address("http://10.0.0.9/{barrier}/on?user=admin&Passwd=hush&t=1&apiKey=x");
        assert_eq!(
            shown,
            "http://10.0.0.9/{barrier}/on?user=admin&Passwd=***&t=1&apiKey=***"
        );
        for plain in ["http://10.0.0.9/on", "http://h/{path}?lane={lane}", ""] {
            assert_eq!(shown_address(plain), plain);
        }
    }

    #[test]
    fn a_login_is_seen_whatever_the_password_holds() {
        for text in [
            "rtsp://u:p@h/x",
            "http://u:p#q/r?s@h",
            "tcp://u@h:1",
            "HTTP://u:p@h",
        ] {
            assert!(holds_login(text), "{text}");
        }
        for text in ["rtsp://h/x", "secrets/name", "me@site", "http://h/a%40b"] {
            assert!(!holds_login(text), "{text}");
        }
    }
}
