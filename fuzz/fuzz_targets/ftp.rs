//! What an FTP server says until it names a port. It may repeat our password; we don't.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::{FtpSettings, Secret};

const PASSWORD: &str = "geheim-26";

thread_local! {
    static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
}

fuzz_target!(|replies: &[u8]| {
    let server = FtpSettings {
        host: "192.0.2.1".to_owned(),
        user: "menjin".to_owned(),
        password: Secret::new(PASSWORD),
        folder: "photos".to_owned(),
        ..FtpSettings::default()
    };
    let port = RUNTIME.with(|runtime| runtime.block_on(sync::fuzzing::ftp(&server, replies)));
    if let Err(failure) = port {
        let words = failure.to_string();
        assert!(!words.contains(PASSWORD), "{words}");
        assert!(words.chars().count() <= 400 && !words.contains(char::is_control));
    }
});
