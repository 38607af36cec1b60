//! The cookie that holds a session's token. No script can read it, and no other site makes the browser
//! send it.

use axum::http::{HeaderMap, HeaderValue, header};

const NAME: &str = "menjin_session";

/// The token that came with a request.
pub(crate) fn token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let pairs = cookies
        .filter_map(|cookie| cookie.to_str().ok())
        .flat_map(|cookie| cookie.split(';'));
    let mut own = pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == NAME).then(|| value.to_owned())
    });
    own.next()
}

/// Hands a token to the browser, until that is closed.
pub(crate) fn set(token: &str) -> HeaderValue {
    let cookie = format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&cookie).unwrap_or_else(|_| removed())
}

/// Takes it back.
pub(crate) fn removed() -> HeaderValue {
    HeaderValue::from_static("menjin_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_comes_back_as_it_went() {
        let mut headers = HeaderMap::new();
        assert_eq!(token(&headers), None);
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; x"));
        headers.append(header::COOKIE, set("0123abcd"));
        assert_eq!(token(&headers).as_deref(), Some("0123abcd"));
    }
}
