//! Serial numbers, sendings and downlinks.

use serde_json::json;

use super::{at, head, open, truck};
use crate::*;

fn numbers(all: &[&str]) -> Vec<String> {
    all.iter().map(|n| (*n).to_owned()).collect()
}

#[test]
fn a_serial_number_is_given_once_and_never_to_two() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let mut give = |platform: &str, subject: &str, wish: &[&str]| {
        writer.platform_serial(platform, subject, &numbers(wish), at(0))
    };
    assert_eq!(give("p", "a", &["1"]).unwrap(), "1");
    assert_eq!(
        give("p", "a", &["9"]).unwrap(),
        "1",
        "whatever is wished later"
    );
    assert_eq!(give("p", "b", &["1", "2"]).unwrap(), "2");
    assert_eq!(
        give("q", "b", &["1"]).unwrap(),
        "1",
        "platforms do not share"
    );
    let full = give("p", "c", &["1", "2"]).unwrap_err();
    assert_eq!(full.kind(), ErrorKind::Conflict);
    drop(writer);
    let mut writer = open(data.path(), &[]);
    let again = writer
        .platform_serial("p", "b", &numbers(&["7"]), at(1))
        .unwrap();
    assert_eq!(again, "2", "also after a restart");
}

#[test]
fn the_first_payload_of_a_row_stays_the_first() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["p"]);
    writer.decide(&truck(0), &head()).unwrap();
    let claim = Claim {
        sink: "p",
        now: at(100_000),
        live_window: std::time::Duration::from_secs(300),
        limit: 1,
        backlog_limit: 1,
    };
    let row = writer.claim_due(&claim).unwrap()[0].id;
    let mut send = |sha256: &str| {
        let sending = Sending {
            row,
            sha256: sha256.to_owned(),
            items_present: 7,
            items_expected: 23,
        };
        let sent = writer.note_sending(&sending, at(0)).unwrap();
        (sent.first_sha256, sent.is_new)
    };
    let first = || "aa".to_owned();
    assert_eq!(send("aa"), (first(), true));
    assert_eq!(send("bb"), (first(), true));
    assert_eq!(send("aa"), (first(), false));
    for part in ["record:aa", "photo:1", "record:aa"] {
        writer.note_step("p", "passage:k", part, at(5)).unwrap();
    }
    assert_eq!(
        writer.steps("p", "passage:k").unwrap(),
        ["photo:1", "record:aa"]
    );
    assert!(writer.steps("q", "passage:k").unwrap().is_empty());
}

#[test]
fn what_was_sent_down_is_kept_once_and_answered_once() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let entry = |id: &str, sha: &str| NewDownlink {
        platform_id: id.to_owned(),
        sha256: sha.to_owned(),
        raw: json!({"strategyId": id, "x": "原文"}),
        parsed: json!({"strategyId": id}),
    };
    let reader = writer.reader().unwrap();
    assert_eq!(reader.downlink_fetches("strategy").unwrap(), []);
    let list = [entry("s1", "a"), entry("s2", "b")];
    assert_eq!(
        writer
            .keep_downlinks("p", "strategy", &list, at(0))
            .unwrap(),
        2
    );
    let list = [entry("s1", "a"), entry("s2", "c")];
    assert_eq!(
        writer
            .keep_downlinks("p", "strategy", &list, at(9))
            .unwrap(),
        1
    );
    let fetched = [("p".to_owned(), at(9))];
    assert_eq!(reader.downlink_fetches("strategy").unwrap(), fetched);
    let open_ids = |reader: &Reader| -> Vec<String> {
        let open = reader.unanswered_downlinks("p", "strategy").unwrap();
        open.into_iter().map(|d| d.platform_id).collect()
    };
    assert_eq!(
        open_ids(&reader),
        ["s1", "s2"],
        "once each, however often it changed"
    );
    assert!(
        writer
            .answer_downlink("p", "strategy", "s1", "ok", at(10))
            .unwrap()
    );
    assert!(
        !writer
            .answer_downlink("p", "strategy", "s1", "ok", at(11))
            .unwrap()
    );
    assert_eq!(open_ids(&reader), ["s2"]);
    let all = reader.downlinks("strategy").unwrap();
    assert_eq!((all.len(), all[0].answered_at), (3, Some(at(10))));
    assert_eq!(all[0].raw["x"], "原文");
}

#[test]
fn rates_belong_to_the_day_generated_and_change_when_answers_come_late() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["p", "q"]);
    let day = 86_400_000;
    for ms in [0, 1000, day] {
        writer.decide(&truck(ms), &head()).unwrap();
    }
    let claim = Claim {
        sink: "p",
        now: at(2 * day),
        live_window: std::time::Duration::from_secs(300),
        limit: 2,
        backlog_limit: 2,
    };
    let rows = writer.claim_due(&claim).unwrap();
    let sending = Sending {
        row: rows[0].id,
        sha256: "aa".to_owned(),
        items_present: 7,
        items_expected: 24,
    };
    writer.note_sending(&sending, at(2 * day)).unwrap();
    writer.ack(rows[0].id, at(2 * day), "ok").unwrap();
    let reader = writer.reader().unwrap();
    let first = |reader: &Reader| reader.delivered(at(0), at(day)).unwrap();
    let p = first(&reader).remove(0);
    assert_eq!((p.sink.as_str(), p.generated, p.acknowledged), ("p", 2, 1));
    assert_eq!((p.rate(), p.completeness()), (Some(0.5), Some(7.0 / 24.0)));
    let q = first(&reader).remove(1);
    assert_eq!((q.rate(), q.completeness()), (Some(0.0), None));
    writer.ack(rows[1].id, at(9 * day), "late").unwrap();
    assert_eq!(first(&reader)[0].rate(), Some(1.0), "as of now");
    let second = reader.delivered(at(day), at(2 * day)).unwrap();
    assert_eq!((second[0].generated, second[0].acknowledged), (1, 0));
}

#[test]
fn refused_deliveries_are_listed_with_the_sinks_words_until_they_are_sent_again() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &["p"]);
    let id = writer.decide(&truck(0), &head()).unwrap();
    let claim = Claim {
        sink: "p",
        now: at(100_000),
        live_window: std::time::Duration::from_secs(300),
        limit: 1,
        backlog_limit: 1,
    };
    let row = writer.claim_due(&claim).unwrap()[0].id;
    let reader = writer.reader().unwrap();
    assert_eq!(reader.refused(10).unwrap(), []);
    writer.refuse(row, at(1), "缺少 VIN").unwrap();
    let refused = reader.refused(10).unwrap();
    assert_eq!((refused[0].id, refused[0].about), (row, id.0));
    assert_eq!(refused[0].words, "缺少 VIN");
    writer.resend(&[row], at(2), "李工", "改好了").unwrap();
    assert_eq!(reader.refused(10).unwrap(), []);
}
