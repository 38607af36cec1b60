//! What goes over the line: TLS with our own authority, RSA2 signatures, multipart, and answers that
//! mean harm.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::time::Duration;

use common::{Gate, openssl, shipped, until, yes_man, yunnan};
use simulator::{Endpoint, FaultAnswer, Faults, Options, SignatureCheck, Signed, Tls, serve};
use sync::adapter::{Canonical, Encoding, PhotoForm, Place, SignKind, Signing};
use sync::{Adapter, FailureKind, Platform, PlatformSettings, SigningKey, WorkerHandle, spawn};

const NEW: Duration = Duration::ZERO;

fn work(gate: &Gate, settings: PlatformSettings, adapter: Adapter) -> WorkerHandle {
    let pace = settings.pace.clone();
    let sink = Platform::new(settings, adapter, gate.ledger.clone()).unwrap();
    spawn(sink, gate.ledger.clone(), pace)
}

/// An authority and a certificate of 127.0.0.1 that it signed, as files in `folder`.
fn certificates(folder: &Path) -> Tls {
    let subject = "-subj /CN=test";
    openssl(
        folder,
        &format!(
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 {subject}-authority"
        ),
    );
    openssl(
        folder,
        &format!("req -newkey rsa:2048 -nodes -keyout server.key -out server.csr {subject}"),
    );
    std::fs::write(
        folder.join("ext"),
        "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
    )
    .unwrap();
    openssl(
        folder,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out server.pem",
    );
    Tls {
        certificate: folder.join("server.pem"),
        key: folder.join("server.key"),
    }
}

#[tokio::test]
async fn only_our_own_authority_is_trusted_and_a_wrong_one_gets_nothing() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let tls = Some(certificates(ours.path()));
    certificates(theirs.path());
    let platform = serve(Options {
        tls,
        ..Options::default()
    })
    .await
    .unwrap();
    assert!(platform.base_url().starts_with("https://"));
    let with = |folder: &Path| PlatformSettings {
        ca_file: Some(folder.join("ca.pem")),
        ..yunnan(&platform.base_url())
    };
    let gate = Gate::new("regulator");
    gate.passage("lane-1", "云A12345", NEW).await;
    for distrusted in [with(theirs.path()), yunnan(&platform.base_url())] {
        let worker = work(&gate, distrusted, shipped("yunnan"));
        let status = until(worker.status(), |s| s.last_error.is_some()).await;
        let error = status.last_error.unwrap();
        assert_eq!(error.kind, FailureKind::Unreachable);
        assert!(
            error.words.to_lowercase().contains("certificate"),
            "{}",
            error.words
        );
        worker.stop().await;
    }
    assert_eq!(platform.counts().logins, 0, "no secret went out");
    let worker = work(&gate, with(ours.path()), shipped("yunnan"));
    until(worker.status(), |s| s.acknowledged == 1).await;
    platform.set_faults(Faults {
        answer: FaultAnswer::DropAfterKeeping,
        times: Some(1),
        endpoint: Some(Endpoint::Passage),
        ..Faults::default()
    });
    gate.passage("lane-1", "云A12346", NEW).await;
    let status = until(worker.status(), |s| s.acknowledged == 2).await;
    assert_eq!(status.last_error.unwrap().kind, FailureKind::Cut);
    assert_eq!(platform.counts().passages, 2);
    worker.stop().await;
}

fn signing(canonical: Canonical, encoding: Encoding, sign_in: Place) -> Signing {
    let stamped = canonical == Canonical::BodyTimestampNonce;
    let header = |name: &str| stamped.then(|| Place::Header(name.to_owned()));
    Signing {
        kind: SignKind::Rsa2,
        canonical,
        encoding,
        sign_in: Some(sign_in),
        timestamp_in: header("timestamp"),
        nonce_in: header("nonce"),
    }
}

#[tokio::test]
async fn every_form_of_signature_holds_with_the_right_key_and_with_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let key = |name: &str| {
        openssl(
            folder.path(),
            &format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out {name}"),
        );
        std::fs::read_to_string(folder.path().join(name)).unwrap()
    };
    let (ours, strange) = (key("ours"), key("strange"));
    let public_key_pem = openssl(folder.path(), "pkey -in ours -pubout");
    let header = || Place::Header("sign".to_owned());
    let field = Place::Field("sign".to_owned());
    for (signed, rules) in [
        (
            Signed::SortedPairs,
            signing(Canonical::SortedPairs, Encoding::Base64, field),
        ),
        (
            Signed::SortedPairs,
            signing(Canonical::SortedPairs, Encoding::Hex, header()),
        ),
        (
            Signed::Body,
            signing(Canonical::Body, Encoding::Base64, header()),
        ),
        (
            Signed::BodyTimestampNonce,
            signing(Canonical::BodyTimestampNonce, Encoding::Hex, header()),
        ),
    ] {
        let signatures = Some(SignatureCheck {
            public_key_pem: public_key_pem.clone(),
            signed,
        });
        let platform = serve(Options {
            signatures,
            ..Options::default()
        })
        .await
        .unwrap();
        let adapter = Adapter {
            signing: rules,
            ..shipped("yunnan")
        };
        let gate = Gate::new("regulator");
        gate.passage("lane-1", "云A12345", NEW).await;
        let with = |pem: &str| PlatformSettings {
            signing_key: Some(SigningKey::from_pem(pem).unwrap()),
            ..yunnan(&platform.base_url())
        };
        let worker = work(&gate, with(&strange), adapter.clone());
        let status = until(worker.status(), |s| s.last_error.is_some()).await;
        assert!(
            status.last_error.unwrap().words.contains("验签失败"),
            "{signed:?}"
        );
        worker.stop().await;
        assert!(platform.counts().bad_signatures > 0 && platform.counts().passages == 0);
        let worker = work(&gate, with(&ours), adapter);
        until(worker.status(), |s| s.acknowledged == 1).await;
        worker.stop().await;
    }
}

#[test]
fn keys_that_are_small_locked_or_no_keys_are_refused_in_clear_words() {
    let folder = tempfile::tempdir().unwrap();
    let make = |arguments: &str| openssl(folder.path(), arguments);
    let small = make("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024");
    let good = make("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
    std::fs::write(folder.path().join("good"), &good).unwrap();
    let locked = make("pkey -in good -aes256 -passout pass:hunter2");
    let public = make("pkey -in good -pubout");
    let old_form = make("rsa -in good -traditional");
    let curve = make("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    let words = |pem: &str| SigningKey::from_pem(pem).unwrap_err().to_string();
    assert!(words(&small).contains("2048"), "{}", words(&small));
    assert!(
        words(&locked).contains("is encrypted"),
        "{}",
        words(&locked)
    );
    assert!(
        words(&public).contains("holds PUBLIC KEY"),
        "{}",
        words(&public)
    );
    assert!(
        words(&curve).contains("is not an RSA key"),
        "{}",
        words(&curve)
    );
    let locked_old_form = make("rsa -in good -traditional -aes256 -passout pass:hunter2");
    assert!(words(&locked_old_form).contains("is encrypted"));
    assert!(words("hunter2").contains("not a PEM file"));
    let from_windows = format!("\u{feff}{}", good.replace('\n', "\r\n"));
    assert!(SigningKey::from_pem(&from_windows).is_ok());
    assert!(old_form.contains("BEGIN RSA PRIVATE KEY"));
    let key = SigningKey::from_pem(&old_form).unwrap();
    assert_eq!(key, SigningKey::from_pem(&good).unwrap());
    assert_eq!(key.public_pem().unwrap().trim(), public.trim());
    assert!(!format!("{key:?}").contains("MII"));
}

#[tokio::test]
async fn answers_that_mean_harm_are_neither_believed_nor_fatal() {
    let platform = serve(Options::default()).await.unwrap();
    let gate = Gate::new("regulator");
    let worker = work(&gate, yunnan(&platform.base_url()), shipped("yunnan"));
    let text = |body: &str| FaultAnswer::Verbatim {
        body: body.to_owned(),
    };
    let answers = [
        FaultAnswer::HugeBody { bytes: 100_000_000 },
        text(&"[".repeat(200_000)),
        text(&r#"{"a":"#.repeat(50_000)),
        text(r#"{"code": {"code": "200"}, "msg": ["200"]}"#),
        text(r#"{"code": "200 ", "msg": "\u0000\u001b[2J\ud800"}"#),
        text(r#"{"code": 2e2}"#),
        text("\"200\""),
        text(""),
        text("{\"code\": \"200\""),
    ];
    for (n, answer) in (1..).zip(answers) {
        platform.set_faults(Faults {
            answer: answer.clone(),
            endpoint: Some(Endpoint::Passage),
            times: Some(1),
            ..Faults::default()
        });
        gate.passage("lane-1", &format!("云A{n:05}"), NEW).await;
        let status = until(worker.status(), |s| s.acknowledged == n).await;
        let words = status.last_error.expect("seen as a failure").words;
        assert!(
            words.chars().count() < 320 && !words.contains('\u{1b}'),
            "{words}"
        );
        assert_eq!(platform.counts().passages, n, "not believed");
    }
    worker.stop().await;
}

#[tokio::test]
async fn photos_go_as_parts_of_a_multipart_form() {
    let (url, heard) = yes_man().await;
    let mut adapter = shipped("yunnan");
    adapter.photos.form = PhotoForm::Multipart;
    let gate = Gate::new("regulator");
    let key = gate.passage("lane-1", "云A12345D", NEW).await;
    let worker = work(&gate, yunnan(&url), adapter);
    until(worker.status(), |s| s.acknowledged == 1).await;
    worker.stop().await;
    let heard = heard.lock().unwrap();
    let form = heard
        .iter()
        .find(|body| body.contains("form-data"))
        .unwrap();
    for part in [
        format!("name=\"headPhoto\"; filename=\"{key}-1.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"),
        format!("name=\"bodyPhoto\"; filename=\"{key}-2.jpg\""),
        "name=\"plateNo\"\r\n\r\n云A12345D\r\n".to_owned(),
    ] {
        assert!(form.contains(&part), "{part} is missing in {form}");
    }
}
