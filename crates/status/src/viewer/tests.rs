use jiff::{SignedDuration, Timestamp};
use ledger::{Options, OutboxSink, Takes, Writer};
use passage::{Change, CorrectedItem, Correction, Direction, PaperEntry, PaperPassage, PassageKey};

use super::*;

fn paper(at: Timestamp) -> PaperPassage {
    PaperPassage {
        key: PassageKey::random(),
        entry: PaperEntry {
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Direction::In,
            passed_at: at,
            plate: "苏A12345".into(),
            color: plate::Color::Yellow,
            cargo: None,
            who: "李工".to_owned(),
            why: "停电".to_owned(),
        },
        entered_at: at,
    }
}

fn opened(data: &std::path::Path, sinks: &[&str]) -> Writer {
    let sink = |name: &&str| OutboxSink {
        name: (*name).to_owned(),
        wait: Duration::ZERO,
        takes: Takes::default(),
    };
    let options = Options {
        sinks: sinks.iter().map(sink).collect(),
        ..Options::default()
    };
    Writer::open(data, options).expect("a ledger")
}

async fn begun(ledger: &Handle) -> Viewer {
    let words = (Language::Zh, TimeZone::UTC);
    Viewer::begin(ledger, vec!["province".to_owned()], words, false).await
}

#[tokio::test]
async fn what_was_committed_before_the_start_is_not_shown_again() {
    let data = tempfile::tempdir().expect("a folder");
    let at = Timestamp::now() - SignedDuration::from_hours(1);
    let mut writer = opened(data.path(), &[]);
    let earlier = writer.enter_paper(&paper(at), &[]).expect("entered");
    let (ledger, _thread) = Handle::start(writer).expect("a thread");
    let viewer = begun(&ledger).await;
    assert_eq!((viewer.last, viewer.pending.len()), (earlier, 0));
}

#[tokio::test]
async fn a_line_says_what_a_person_said_and_an_upload_only_where_there_is_one() {
    let data = tempfile::tempdir().expect("a folder");
    let at = Timestamp::now() - SignedDuration::from_hours(1);
    let mut writer = opened(data.path(), &[]);
    let nowhere = writer.enter_paper(&paper(at), &[]).expect("entered");
    drop(writer);
    let mut writer = opened(data.path(), &["province"]);
    let queued = writer.enter_paper(&paper(at), &[]).expect("entered");
    let view = |writer: &Writer, id| {
        let reader = writer.reader().expect("a ledger");
        reader.passage(id).expect("readable").expect("there")
    };
    let (nowhere, queued) = (view(&writer, nowhere), view(&writer, queued));
    let (ledger, _thread) = Handle::start(writer).expect("a thread");
    let viewer = begun(&ledger).await;
    let line = viewer.line(&nowhere);
    assert!(line.contains("纸质台账") && !line.contains('%'), "{line}");
    assert!(!line.contains("待上传"), "nobody gets it: {line}");
    assert!(viewer.line(&queued).contains("待上传"));
}

#[tokio::test]
async fn a_corrected_plate_does_not_keep_the_machines_certainty() {
    let data = tempfile::tempdir().expect("a folder");
    let at = Timestamp::now() - SignedDuration::from_hours(1);
    let mut writer = opened(data.path(), &[]);
    let id = writer.enter_paper(&paper(at), &[]).expect("entered");
    let change = Change {
        item: CorrectedItem::Plate,
        replaces: Some("苏A12345".to_owned()),
        value: "苏A12346".to_owned(),
    };
    let correction = Correction {
        changes: vec![change],
        who: "李工".to_owned(),
        why: "看照片".to_owned(),
        at,
    };
    writer.correct(id, &correction, &[]).expect("corrected");
    let reader = writer.reader().expect("a ledger");
    let mut view = reader.passage(id).expect("readable").expect("there");
    // As one that a camera saw.
    view.paper = None;
    view.reading.confidence = 1.0;
    let (ledger, _thread) = Handle::start(writer).expect("a thread");
    let line = begun(&ledger).await.line(&view);
    assert!(
        line.contains("已更正") && !line.contains("100.0%"),
        "{line}"
    );
}
