//! What a platform answers: two bytes for status and head, a head line each for content type and
//! coding, then the body. Nothing but a success is taken for one, and no secret of ours comes back
//! out of what people get to see.
#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use sync::fuzzing::Ear;
use sync::{Adapter, PlatformSettings, Secret};

const STATUS: [u16; 12] = [200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503];
const SECRET: &str = "geheim-\"26\"\\";
const TOKEN: &str = "token-4711";
const ADAPTER: &str = include_str!("../../config/regulators/bearer-english.toml");
const MOST_CHARS: usize = 400;

thread_local! {
    static EAR: OnceCell<Ear> = const { OnceCell::new() };
}

fuzz_target!(|bytes: &[u8]| {
    let Some(([status, login], rest)) = bytes.split_first_chunk() else {
        return;
    };
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in [CONTENT_TYPE, CONTENT_ENCODING] {
        if let Ok(value) = HeaderValue::from_bytes(lines.next().unwrap_or_default()) {
            headers.insert(name, value);
        }
    }
    let body = lines.next().unwrap_or_default();
    let status = STATUS[usize::from(*status) % STATUS.len()];
    let login = login % 2 == 1;
    let heard = EAR.with(|ear| {
        ear.get_or_init(ear_of_a_test)
            .hear(status, &headers, body, login)
    });
    assert!(heard.words.chars().count() <= MOST_CHARS, "{}", heard.words);
    assert!(!heard.words.contains(SECRET), "{}", heard.words);
    assert!(!heard.words.contains(TOKEN), "{}", heard.words);
    assert!(!heard.words.contains(char::is_control), "{:?}", heard.words);
    let good = (200..300).contains(&status);
    assert!(good || (!heard.is_taken && heard.token.is_none()));
    assert!(!(heard.is_taken && heard.is_refused));
    assert!(heard.token.is_none_or(|token| !token.is_empty()));
});

fn ear_of_a_test() -> Ear {
    let adapter = ADAPTER
        .parse()
        .map(Adapter::from_table)
        .expect("TOML")
        .expect("an adapter");
    assert!(adapter.login.is_some());
    let settings = PlatformSettings {
        base_url: "http://192.0.2.1/".to_owned(),
        secret: Secret::new(SECRET),
        ..PlatformSettings::default()
    };
    Ear::new(settings, adapter, TOKEN)
}
