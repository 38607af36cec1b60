//! What stands on a display.

use std::time::{Duration, Instant};

use gate::{DisplayQueue, DisplaySettings, Took};
use jiff::tz::TimeZone;
use passage::Verdict;

use super::card::{Card, Mood};
use super::{notice, read, took, until};

fn open(port: &str, more: &str, took: Took) -> DisplayQueue {
    let settings = read(&format!("port = \"{port}\"\n{more}"), DisplaySettings::read);
    settings.open(TimeZone::UTC, took).expect("right")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_stands_on_the_card_over_tcp_and_over_a_serial_line() {
    let (network, cable) = (Card::default(), Card::default());
    let tcp = format!("tcp://{}", network.on_tcp());
    let near = cable.on_serial().display().to_string();
    for (card, port) in [(network, tcp), (cable, near)] {
        let (took, spans) = took();
        let display = open(&port, "", took);
        display.show(notice("冀A12345", Verdict::Allow), Instant::now());
        let stands = || card.shown().lines[3] == "在允许名单上";
        until(stands, "all four lines").await;
        let (lines, colors, scrolls) = {
            let shown = card.shown();
            (shown.lines.clone(), shown.colors, shown.scrolls)
        };
        assert_eq!(
            lines,
            ["冀A12345", "国五", "允许通行", "在允许名单上"],
            "{port}"
        );
        assert_eq!(colors, [[0, 255, 0]; 4], "green");
        assert_eq!(scrolls, [false, false, false, true], "what is longer moves");
        until(|| spans.lock().expect("no panic").len() == 1, "measured").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_while_the_clock_stands_there_and_no_old_decision() {
    let card = Card::default();
    let port = format!("tcp://{}", card.on_tcp());
    let more = "lines = [\"{plate}\", \"{decision}\"]\nidle = [\"{time}\"]\nkeep = \"300ms\"";
    let display = open(&port, more, took().0);
    until(|| card.shown().lines[0].contains(':'), "the clock").await;
    display.show(notice("冀A12345", Verdict::Deny), Instant::now());
    until(|| card.shown().lines[0] == "冀A12345", "the plate").await;
    assert_eq!(card.shown().colors[0], [255, 0, 0], "red");
    until(|| card.shown().lines[0].contains(':'), "the clock again").await;
    // Lines come one after the other.
    until(|| card.shown().lines[1] == " ", "nothing is left of it").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_decision_stands_and_nobody_waits_for_a_card_that_is_away() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let display = open(&format!("tcp://{address}"), "", took().0);
    let start = Instant::now();
    for number in 0..1000 {
        display.show(
            notice(&format!("冀A1{number:04}"), Verdict::Ask),
            Instant::now(),
        );
    }
    assert!(
        start.elapsed() < Duration::from_millis(200),
        "{:?}",
        start.elapsed()
    );
    let mut view = display.view();
    let away = view.wait_for(|view| view.works == Some(false)).await;
    assert!(away.expect("open").detail.contains("cannot be opened"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_card_refuses_or_garbles_is_told_and_shown_again_once_it_is_well() {
    for (mood, detail) in [
        (Mood::Mute, "does not answer"),
        (Mood::Refusing, "code 1"),
        (Mood::Noisy, "no answer"),
    ] {
        let card = Card::default();
        card.shown().mood = mood;
        let display = open(&format!("tcp://{}", card.on_tcp()), "", took().0);
        let mut view = display.view();
        let away = view.wait_for(|view| view.works == Some(false)).await;
        let told = away.expect("open").detail.clone();
        assert!(told.contains(detail), "{mood:?}: {told}");
        card.shown().mood = Mood::Fine;
        display.show(notice("冀A12345", Verdict::Allow), Instant::now());
        view.wait_for(|view| view.works == Some(true))
            .await
            .expect("open");
        assert_eq!(card.shown().lines[0], "冀A12345");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_only_listens_is_not_asked_for_an_answer() {
    let card = Card::default();
    card.shown().mood = Mood::Mute;
    let display = open(
        &format!("tcp://{}", card.on_tcp()),
        "answers = false",
        took().0,
    );
    let mut view = display.view();
    view.wait_for(|view| view.works == Some(true))
        .await
        .expect("open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_stands_within_300_ms_in_19_of_20() {
    let card = Card::default();
    let (took, spans) = took();
    let display = open(&format!("tcp://{}", card.on_tcp()), "", took);
    for number in 1..=100 {
        display.show(
            notice(&format!("冀A1{number:04}"), Verdict::Allow),
            Instant::now(),
        );
        until(|| spans.lock().expect("no panic").len() == number, "shown").await;
    }
    let mut spans = spans.lock().expect("no panic").clone();
    spans.sort();
    assert!(
        spans[94] < Duration::from_millis(300),
        "p95 {:?}",
        spans[94]
    );
}

#[test]
fn a_template_with_a_name_that_does_not_exist_is_a_mistake() {
    let text =
        "[display]\nport = \"/dev/ttyUSB0\"\nlines = [\"{plate}\", \"{color}\", \"\", \"\", \"\"]";
    let document = settings::Document::parse(text).expect("TOML");
    let told = document.read(std::path::Path::new("/"), |root| {
        root.table("display", DisplaySettings::read)
    });
    let told = told.expect_err("two mistakes");
    let keys: Vec<_> = told.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, ["display.lines", "display.lines"]);
}
