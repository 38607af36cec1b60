//! The cookie that holds a session's token. No script can read it, and no other site makes the browser
//! send it.

use axum::http::{HeaderMap, HeaderValue, header};

const PLAIN: &str = "menjin_session";
/// Browsers take a cookie of this name only over TLS, from this very host and for all of it.
const ENCRYPTED: &str = "__Host-menjin_session";

fn name(encrypted: bool) -> &'static str {
    if encrypted { ENCRYPTED } else { PLAIN }
}

/// The token that came with a request.
pub(crate) fn token(headers: &HeaderMap, encrypted: bool) -> Option<String> {
    let wanted = name(encrypted);
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let pairs = cookies
        .filter_map(|cookie| cookie.to_str().ok())
        .flat_map(|cookie| cookie.split(';'));
    let mut own = pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted).then(|| value.to_owned())
    });
    own.next()
}

/// Hands a token to the browser, until that is closed.
pub(crate) fn set(token: &str, encrypted: bool) -> HeaderValue {
    let (name, secure) = (name(encrypted), if encrypted { "; Secure" } else { "" });
    let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}");
    // A token of ours is always one that a header takes.
    HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Takes it back.
pub(crate) fn removed(encrypted: bool) -> HeaderValue {
    HeaderValue::from_static(match encrypted {
        true => "__Host-menjin_session=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0",
        false => "menjin_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_comes_back_as_it_went() {
        for encrypted in [false, true] {
            let mut headers = HeaderMap::new();
            assert_eq!(token(&headers, encrypted), None);
            headers.append(header::COOKIE, HeaderValue::from_static("a=b; x"));
            let set = set("0123abcd", encrypted);
            assert_eq!(set.to_str().expect("text").contains("Secure"), encrypted);
            headers.append(header::COOKIE, set);
            assert_eq!(token(&headers, encrypted).as_deref(), Some("0123abcd"));
            assert_eq!(token(&headers, !encrypted), None);
        }
    }
}
