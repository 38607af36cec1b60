//! Rules that people put in force, and answers to entries of platforms.

use passage::*;
use serde_json::{Value, json};

use super::{at, head, open, truck};
use crate::*;

fn rule(base: u32, state: RuleState, downlink: Option<i64>) -> NewRule {
    NewRule {
        key: "0123456789abcdef0123456789abcdef".parse().unwrap(),
        kind: RuleKind::Strategy,
        base,
        state,
        content: json!({"title": "禁行国三"}),
        downlink,
        who: "李主任".to_owned(),
        why: "红色预警".to_owned(),
        at: at(i64::from(base)),
    }
}

fn entry(id: &str) -> NewDownlink {
    NewDownlink {
        platform_id: id.to_owned(),
        sha256: id.to_owned(),
        raw: Value::Null,
        parsed: json!({}),
    }
}

#[test]
fn a_rule_is_kept_in_revisions_and_never_edited() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    assert_eq!(
        writer
            .write_rule(&rule(0, RuleState::InForce, None))
            .unwrap(),
        1
    );
    assert_eq!(
        writer.write_rule(&rule(1, RuleState::Ended, None)).unwrap(),
        2
    );
    let reader = writer.reader().unwrap();
    let rules = reader.rules(RuleKind::Strategy).unwrap();
    assert_eq!(
        (rules.len(), rules[0].revision, rules[0].state),
        (1, 2, RuleState::Ended)
    );
    assert!(reader.rules(RuleKind::Visitor).unwrap().is_empty());
    let history = reader.rule_history(rules[0].key).unwrap();
    assert_eq!(history[0].state, RuleState::InForce);
    let late = writer
        .write_rule(&rule(1, RuleState::InForce, None))
        .unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
    assert!(late.to_string().contains("李主任"), "{late}");
    let edit = writer
        .connection()
        .execute("UPDATE rule_revisions SET who = ''", []);
    assert!(edit.unwrap_err().to_string().contains("never edited"));
    assert!(
        reader
            .verify(&VerifyOptions::default())
            .unwrap()
            .breaks
            .is_empty()
    );
}

#[test]
fn of_the_same_words_of_a_platform_only_one_rule_is_made() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer
        .keep_downlinks("p", "strategy", &[entry("S-1")], at(0))
        .unwrap();
    writer
        .write_rule(&rule(0, RuleState::Rejected, Some(1)))
        .unwrap();
    let other = NewRule {
        key: RecordKey::random(),
        ..rule(0, RuleState::InForce, Some(1))
    };
    let error = writer.write_rule(&other).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    let nobody = NewRule {
        who: " ".to_owned(),
        ..rule(1, RuleState::InForce, Some(1))
    };
    assert_eq!(
        writer.write_rule(&nobody).unwrap_err().kind(),
        ErrorKind::Invalid
    );
}

#[test]
fn what_a_person_says_of_an_entry_is_kept_with_its_evidence_and_told_once() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    writer
        .keep_downlinks("p", "over_limit", &[entry("V-1")], at(0))
        .unwrap();
    let review = |downlink, evidence: Option<&[u8]>| NewReview {
        downlink,
        answer: ReviewAnswer::Contested,
        who: "李工".to_owned(),
        why: "车已报废".to_owned(),
        evidence: evidence.map(|bytes| NewFile {
            item: "evidence".to_owned(),
            bytes: bytes.to_vec(),
        }),
        at: at(1),
    };
    let pdf = b"%PDF-1.7 a certificate".as_slice();
    let id = writer.review_downlink(&review(1, Some(pdf))).unwrap();
    let nothing = writer.review_downlink(&review(9, None)).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Invalid);
    let odd = writer.review_downlink(&review(1, Some(b"MZ"))).unwrap_err();
    assert_eq!(odd.kind(), ErrorKind::Invalid);
    let reader = writer.reader().unwrap();
    let untold = reader.untold_reviews("p", "over_limit").unwrap();
    assert_eq!(untold.len(), 1);
    let path = untold[0].evidence.as_ref().unwrap();
    assert_eq!(std::fs::read(data.path().join(path)).unwrap(), pdf);
    let file = untold[0].file.as_ref().unwrap();
    assert_eq!(file.media_type, "application/pdf");
    assert_eq!(reader.file_bytes(file).unwrap(), pdf);
    assert!(writer.review_told(id, "ok", at(2)).unwrap());
    assert!(!writer.review_told(id, "ok", at(3)).unwrap());
    assert!(reader.untold_reviews("p", "over_limit").unwrap().is_empty());
    let told = reader.reviews("over_limit").unwrap()[0]
        .told
        .clone()
        .unwrap();
    assert_eq!(told, (at(2), "ok".to_owned()));
    assert!(super::findings(data.path()).is_empty());
    assert!(
        reader
            .verify(&VerifyOptions::default())
            .unwrap()
            .breaks
            .is_empty()
    );
}

#[test]
fn the_rule_its_source_what_would_have_changed_it_and_the_register_are_kept_in_the_row() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let new = NewPassage {
        decision: Verdict::Deny,
        reason: Reason::StrategyDenied.as_str().to_owned(),
        grounds: Grounds {
            source: Some(RuleSource {
                name: "禁行国三".to_owned(),
                key: Some("0".repeat(32)),
                by: Some("李主任".to_owned()),
                since: Some(at(-1000)),
            }),
            otherwise: vec![Otherwise {
                lacks: Lacks::Emission,
                value: "4".to_owned(),
            }],
            facts: Some(VehicleFacts {
                emission: Some("3".to_owned()),
                ..VehicleFacts::default()
            }),
            ..Grounds::default()
        },
        ..truck(0)
    };
    let id = writer.decide(&new, &head()).unwrap();
    let reader = writer.reader().unwrap();
    assert_eq!(reader.passage(id).unwrap().unwrap().grounds, new.grounds);
    assert!(
        reader
            .verify(&VerifyOptions::default())
            .unwrap()
            .breaks
            .is_empty()
    );
}
