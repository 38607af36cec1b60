//! The console over TLS.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use console::ConsoleSettings;
use reqwest::StatusCode;
use settings::Document;

use crate::support::{Gate, refused};

/// A certificate that signs itself, as the installer's page says to make it.
fn certificate(folder: &Path, name: &str) {
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=gate",
        ])
        .args([
            "-keyout",
            &format!("{name}.key"),
            "-out",
            &format!("{name}.pem"),
        ])
        .current_dir(folder)
        .output();
    assert!(made.expect("openssl is there").status.success());
    let own = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(folder.join(format!("{name}.key")), own).unwrap();
}

fn read(folder: &Path, text: &str) -> Result<ConsoleSettings, String> {
    let document = Document::parse(text).unwrap();
    let settings = document.read(folder, |root| root.table("console", ConsoleSettings::read));
    settings.map_err(|problems| problems.iter().map(|p| format!("{p}\n")).collect())
}

#[tokio::test]
async fn with_a_certificate_all_is_encrypted_and_the_cookie_goes_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path(), "own");
    let text =
        "[console]\nlisten = \"0.0.0.0:8443\"\ncertificate = \"own.pem\"\nkey_file = \"own.key\"\n";
    let gate = Gate::set(read(folder.path(), text).unwrap()).await;
    let mut installer = gate.installer().await;
    let cookie = installer.cookie.clone().unwrap();
    assert!(cookie.starts_with("__Host-menjin_session="), "{cookie}");
    installer.json("/api/tasks").await;
    installer.cookie = Some(cookie.replace("__Host-", ""));
    assert_eq!(refused(installer.get("/api/tasks").await).await.0, 401);
    let plain = reqwest::get(format!("http://{}/", gate.address())).await;
    assert!(plain.is_err_and(|error| error.status() != Some(StatusCode::OK)));
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_by_its_key_and_nothing_of_the_key_is_said() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path(), "own");
    certificate(folder.path(), "other");
    let of = |more: &str| read(folder.path(), &format!("[console]\n{more}"));
    let open = of("listen = \"0.0.0.0:8080\"").unwrap_err();
    assert!(open.contains("console.listen"), "{open}");
    for (text, key) in [
        ("certificate = \"own.pem\"", "console.key_file"),
        ("key_file = \"own.key\"", "console.certificate"),
        (
            "certificate = \"own.pem\"\nkey_file = \"other.key\"",
            "console.key_file",
        ),
        (
            "certificate = \"own.key\"\nkey_file = \"own.key\"",
            "console.certificate",
        ),
        (
            "certificate = \"own.pem\"\nkey_file = \"gone.key\"",
            "console.key_file",
        ),
        (
            "certificate = \"gone.pem\"\nkey_file = \"own.key\"",
            "console.certificate",
        ),
    ] {
        let problems = of(text).expect_err(text);
        assert!(problems.contains(key), "{text}: {problems}");
        assert!(!problems.contains("MII"), "{problems}");
    }
    let open_key = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path().join("own.key"), open_key).unwrap();
    let problems = of("certificate = \"own.pem\"\nkey_file = \"own.key\"").unwrap_err();
    assert!(problems.contains("chmod 600"), "{problems}");
}
