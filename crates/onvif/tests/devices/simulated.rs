//! The stateful mock of `oxvif` behind real HTTP: what is set stays set.

use std::net::SocketAddr;
use std::sync::Arc;

use onvif::{ClockSetting, Device, DeviceFault, OutputContact, OverlayText};
use oxvif::mock::MockTransport;
use oxvif::transport::Transport as _;

use crate::support::{Asked, account, address, answer, connect, serve};

/// The mock, which asks for a log-in; the addresses that it names are not its own.
async fn mock() -> (SocketAddr, MockTransport) {
    let mock = MockTransport::new().with_auth();
    let served = mock.clone();
    let at = serve(Arc::new(move |asked: Asked| {
        let mock = served.clone();
        Box::pin(async move {
            let told = mock.soap_post("", &asked.action, asked.body).await;
            answer(200, told.expect("the mock answers"))
        })
    }))
    .await;
    (at, mock)
}

#[tokio::test]
async fn a_device_describes_itself_with_its_streams_where_we_reach_them() {
    let (at, _) = mock().await;
    let description = connect(at).await.describe().await.expect("described");
    assert_eq!(description.manufacturer, "oxvif-mock");
    assert!(description.untold.is_empty(), "{:?}", description.untold);
    let clock = description.clock.expect("a clock");
    assert!(clock.ahead_ms.abs() < 2000, "{clock:?}");
    assert!(!description.profiles.is_empty());
    for profile in &description.profiles {
        assert!(profile.url.starts_with("rtsp://127.0.0.1"), "{profile:?}");
        assert!(profile.width >= 640 && profile.fps.is_some(), "{profile:?}");
    }
    assert!(!description.outputs.is_empty());
}

#[tokio::test]
async fn a_wrong_password_says_so_and_a_right_one_goes_on() {
    let (at, _) = mock().await;
    let wrong = account("admin", "hunter2");
    let error = Device::connect(&address(at), Some(&wrong)).await;
    let error = error.expect_err("refused");
    assert!(
        matches!(error.fault(), DeviceFault::Unauthorized { .. }),
        "{error}"
    );
    assert!(!error.to_string().contains("hunter2"), "{error}");
    connect(at).await;
}

#[tokio::test]
async fn an_overlay_is_set_once_replaced_when_ours_is_old_and_read_back() {
    let (at, _) = mock().await;
    let device = connect(at).await;
    let profile = device.profiles().await.expect("profiles").remove(0);
    let source = profile.source_config.expect("a source");
    let before = device.overlays().await.expect("overlays").len();
    let shown = device.set_overlay(&source, "出入口A 道闸01").await;
    let shown = shown.expect("set and verified");
    assert!(shown.iter().any(|o| o.text == OverlayText::DateAndTime));
    let after = device.overlays().await.expect("overlays").len();
    assert!(after > before, "{after} {before}");
    // Again, and with other numbers: the same overlay, no further one.
    for text in ["出入口A 道闸01", "出入口A 道闸02"] {
        let shown = device.set_overlay(&source, text).await;
        let shown = shown.expect("set and verified");
        let plain = OverlayText::Plain(text.to_owned());
        assert_eq!(shown.iter().filter(|o| o.text == plain).count(), 1);
    }
    assert_eq!(device.overlays().await.expect("overlays").len(), after);
}

#[tokio::test]
async fn time_servers_are_set_and_read_back() {
    let (at, mock) = mock().await;
    let mut device = connect(at).await;
    let setting = ClockSetting::Ntp("192.168.1.1".to_owned());
    let clock = device.set_clock(&setting, Some("CST-8")).await;
    assert_eq!(clock.expect("set").zone, "CST-8");
    let kept = format!("{:?}", *mock.device().read());
    assert!(kept.contains("192.168.1.1"));
}

#[tokio::test]
async fn an_output_switches_and_an_unknown_one_is_refused() {
    let (at, mock) = mock().await;
    let device = connect(at).await;
    let output = device.outputs().await.expect("outputs").remove(0).token;
    let patience = std::time::Duration::from_secs(2);
    let own = Some(account("admin", "admin"));
    let contact = OutputContact::new(address(at), own.clone(), &output, patience);
    contact.switch_on(patience).await.expect("switched");
    let kept = format!("{:?}", *mock.device().read());
    assert!(kept.contains("active"), "{kept}");
    contact.let_go().await.expect("let go");
    let unknown = OutputContact::new(address(at), own, "no-such", patience);
    let error = unknown.switch_on(patience).await.expect_err("refused");
    assert!(matches!(error.fault(), DeviceFault::Refused(_)), "{error}");
    assert!(!error.moved_nothing());
}
