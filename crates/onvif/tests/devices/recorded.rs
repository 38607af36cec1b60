//! Devices in the form of two makers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::Response;
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use onvif::{ClockSetting, Device, DeviceFault, DeviceInputs, InputChange, OverlayText};

use crate::support::{Asked, Recorded, account, address, answer, serve};

/// China's time where UTC belongs: the usual mistake.
const EIGHT_HOURS_S: i64 = 8 * 3600;

/// It takes log-ins of its own time, 5 minutes either way.
async fn hikvision(ahead_s: i64) -> SocketAddr {
    let recorded = Arc::new(Recorded::load("hikvision-like.txt"));
    serve(Arc::new(move |asked: Asked| {
        let recorded = Arc::clone(&recorded);
        Box::pin(async move {
            let open = asked.operation == "GetSystemDateAndTime";
            let created = asked.body.split("<wsu:Created>").nth(1);
            let created = created.and_then(|rest| rest.split('<').next());
            let created = created.and_then(|text| text.parse::<Timestamp>().ok());
            let own = Timestamp::now() + jiff::SignedDuration::from_secs(ahead_s);
            let fresh = created.is_some_and(|t| own.duration_since(t).as_secs().abs() < 300);
            let known = asked.body.contains("<wsse:Username>gate</wsse:Username>");
            if !(open || fresh && known) {
                return answer(
                    400,
                    recorded.fault("NotAuthorized", "Sender not Authorized"),
                );
            }
            match recorded.answer(&asked.operation, ahead_s) {
                Some(text) => answer(200, text),
                None => answer(500, recorded.fault("ActionNotSupported", "Not there")),
            }
        })
    }))
    .await
}

#[tokio::test]
async fn a_camera_whose_clock_is_eight_hours_off_is_still_logged_in_to_and_found_out() {
    let at = hikvision(EIGHT_HOURS_S).await;
    let own = account("gate", "secret");
    let device = Device::connect(&address(at), Some(&own)).await.expect("in");
    let told = device.describe().await.expect("described");
    assert_eq!(
        (&*told.manufacturer, &*told.model),
        ("HIKVISION", "iDS-TCM403-GI")
    );
    let clock = told.clock.expect("a clock");
    assert!(
        (clock.ahead_ms - EIGHT_HOURS_S * 1000).abs() < 2000,
        "{clock:?}"
    );
    let main = &told.profiles[0];
    assert_eq!(
        (main.width, main.height, main.fps),
        (2560, 1440, Some(25.0))
    );
    // Its host is the one that answered, and the password that it sends along is gone.
    let wanted =
        "rtsp://127.0.0.1:554/Streaming/Channels/101?transportmode=unicast&profile=Profile_1";
    assert_eq!(main.url, wanted);
    assert_eq!(
        told.overlays[1].text,
        OverlayText::Plain("Camera 01".to_owned())
    );
    assert_eq!(told.outputs[0].mode, "Monostable");
    assert_eq!(told.inputs[1].idle, "closed");
    assert_eq!(told.image.expect("image").shutter_us, Some(2000.0));
    assert!(told.untold.is_empty(), "{:?}", told.untold);
}

#[tokio::test]
async fn a_refused_log_in_names_the_clock_that_may_be_the_reason() {
    let at = hikvision(EIGHT_HOURS_S).await;
    let stranger = account("nobody", "secret");
    let error = Device::connect(&address(at), Some(&stranger)).await;
    let error = error.expect_err("refused");
    let DeviceFault::Unauthorized { clock_ahead_s } = error.fault() else {
        panic!("{error}");
    };
    assert!((clock_ahead_s.expect("known") - EIGHT_HOURS_S).abs() < 2);
    assert!(
        error.to_string().contains("2879") || error.to_string().contains("2880"),
        "{error}"
    );
}

#[tokio::test]
async fn inputs_tell_how_they_stand_and_what_changes() {
    let at = hikvision(0).await;
    let own = account("gate", "secret");
    let device = Device::connect(&address(at), Some(&own)).await.expect("in");
    let mut inputs = DeviceInputs::listen(device).await.expect("listens");
    let changes = inputs.changes().await.expect("told");
    let change = |input: &str, active, initial| InputChange {
        input: input.to_owned(),
        active,
        initial,
    };
    let wanted = [
        change("AlarmIn_1", false, true),
        change("AlarmIn_2", true, false),
    ];
    assert_eq!(changes, wanted);
}

#[tokio::test]
async fn a_device_that_says_yes_and_keeps_the_old_is_found_out() {
    let at = hikvision(EIGHT_HOURS_S).await;
    let own = account("gate", "secret");
    let mut device = Device::connect(&address(at), Some(&own)).await.expect("in");
    // It says that it made the overlay, and shows what it showed before.
    let shown = device.set_overlay("VideoSourceToken", "Gate A 01").await;
    let error = shown.expect_err("not kept");
    assert!(matches!(error.fault(), DeviceFault::NotKept(_)), "{error}");
    assert!(error.to_string().contains("Camera 01"), "{error}");
    // It cannot have its clock set at all.
    let set = device.set_clock(&ClockSetting::Now, None).await;
    assert_eq!(
        set.expect_err("not there").fault(),
        &DeviceFault::Unsupported
    );
}

const NONCE: &str = "dcd98b7102dd2f0e8b11d0f600bfb0c0";

/// It asks for HTTP digest (RFC 7616, MD5), as its newer firmware does.
async fn dahua(asked_in_vain: Arc<AtomicUsize>) -> SocketAddr {
    let recorded = Arc::new(Recorded::load("dahua-like.txt"));
    serve(Arc::new(move |asked: Asked| {
        let recorded = Arc::clone(&recorded);
        let asked_in_vain = Arc::clone(&asked_in_vain);
        Box::pin(async move {
            if asked.operation != "GetSystemDateAndTime" && !is_proven(&asked) {
                asked_in_vain.fetch_add(1, Ordering::Relaxed);
                return challenge(&format!(
                    "Digest realm=\"Login to 7L\", qop=\"auth\", nonce=\"{NONCE}\", opaque=\"a1\""
                ));
            }
            let text = recorded.answer(&asked.operation, 1);
            // Its older media service has other namespaces and is asked for nothing but overlays.
            let text = text.filter(|_| {
                asked.action.contains("/ver20/") || !asked.operation.starts_with("GetVideo")
            });
            match text {
                Some(text) => answer(200, encoding_rs::GB18030.encode(&text).0.into_owned()),
                None => answer(500, recorded.fault("ActionNotSupported", "Not there")),
            }
        })
    }))
    .await
}

fn challenge(question: &str) -> Response {
    let mut refusal = answer(401, "");
    let question = question.parse().expect("a header");
    refusal.headers_mut().insert("www-authenticate", question);
    refusal
}

fn is_proven(asked: &Asked) -> bool {
    let Some(proof) = &asked.authorization else {
        return false;
    };
    let part = |name: &str| {
        let rest = proof.split(&format!("{name}=")).nth(1).unwrap_or_default();
        rest.trim_start_matches('"')
            .split(['"', ','])
            .next()
            .unwrap_or_default()
    };
    let hash = |text: String| hex::encode(Md5::digest(text));
    let who = hash("admin:Login to 7L:secret".to_owned());
    let what = hash(format!("POST:{}", asked.path));
    let (nc, cnonce) = (part("nc"), part("cnonce"));
    part("response") == hash(format!("{who}:{NONCE}:{nc}:{cnonce}:auth:{what}"))
}

#[tokio::test]
async fn http_digest_h265_and_gb18030_are_understood() {
    let asked_in_vain = Arc::default();
    let at = dahua(Arc::clone(&asked_in_vain)).await;
    let own = account("admin", "secret");
    let device = Device::connect(&address(at), Some(&own)).await.expect("in");
    let told = device.describe().await.expect("described");
    let main = &told.profiles[0];
    assert_eq!((&*main.name, &*main.codec), ("主码流", "H265"));
    assert_eq!((main.width, main.height), (2688, 1520));
    assert!(main.is_watchable());
    assert!(
        main.url
            .starts_with("rtsp://127.0.0.1:554/cam/realmonitor?channel=1&subtype=0")
    );
    assert_eq!(told.outputs[0].mode, "Bistable");
    assert!(told.untold.is_empty(), "{:?}", told.untold);
    assert!(asked_in_vain.load(Ordering::Relaxed) > 0);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_not_again_and_again() {
    let asked_in_vain = Arc::<AtomicUsize>::default();
    let at = dahua(Arc::clone(&asked_in_vain)).await;
    let own = account("admin", "wrong");
    let error = Device::connect(&address(at), Some(&own)).await;
    let error = error.expect_err("refused");
    assert!(
        matches!(error.fault(), DeviceFault::Unauthorized { .. }),
        "{error}"
    );
    // Asked without, asked with: one failed log-in, for devices lock accounts.
    assert_eq!(asked_in_vain.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_password_is_never_sent_in_clear_text() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let at = serve(Arc::new(move |asked: Asked| {
        kept.lock()
            .expect("free")
            .push(format!("{:?} {}", asked.authorization, asked.body));
        Box::pin(async { challenge("Basic realm=\"camera\"") })
    }))
    .await;
    let own = account("admin", "hunter2");
    let error = Device::connect(&address(at), Some(&own)).await;
    assert_eq!(
        error.expect_err("refused").fault(),
        &DeviceFault::ClearPassword
    );
    let seen = seen.lock().expect("free").join("\n");
    assert!(
        !seen.is_empty() && !seen.contains("hunter2") && !seen.contains("Basic"),
        "{seen}"
    );
}
