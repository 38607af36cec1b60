//! Notes, tags and hand-overs: in the chain, taken back and never erased.

use passage::*;
use plate::Color;

use super::{at, open};
use crate::*;

fn remark(kind: RemarkKind, words: &str, color: Option<Color>) -> NewRemark {
    NewRemark {
        plate: "苏A12345".to_owned(),
        color,
        kind,
        words: words.to_owned(),
        who: "Li".to_owned(),
        at: at(0),
    }
}

#[test]
fn a_tag_holds_for_its_colour_until_it_is_taken_back_and_stays_to_be_read() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let reader = writer.reader().unwrap();
    let tag = |words: &str, color| remark(RemarkKind::Tag, words, color);
    let visitor = writer.keep_remark(&tag("访客", None)).unwrap();
    assert_eq!(writer.keep_remark(&tag("访客", None)).unwrap(), visitor);
    writer.keep_remark(&tag("欠单", Some(Color::Blue))).unwrap();
    writer
        .keep_remark(&remark(RemarkKind::Note, "<b>x</b>", None))
        .unwrap();
    let of = |color| reader.tags_of("苏A12345", color).unwrap();
    assert_eq!(of(Color::Blue), ["访客", "欠单"]);
    assert_eq!(of(Color::Yellow), ["访客"]);
    let by = ("Wang", "no visitor any more");
    writer.withdraw_remark(visitor, by, at(9)).unwrap();
    assert!(of(Color::Yellow).is_empty());
    let all = reader.remarks_of("苏A12345", 9).unwrap();
    let taken_back = all[2].withdrawn.as_ref().unwrap();
    assert_eq!((all.len(), taken_back.why.as_str()), (3, by.1));
    let again = writer.withdraw_remark(visitor, by, at(9)).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    let none = writer.withdraw_remark(RemarkId(99), by, at(9)).unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Invalid);
    assert!(writer.keep_remark(&tag(" ", None)).is_err());
    for n in 1..MOST_TAGS {
        writer.keep_remark(&tag(&format!("{n}"), None)).unwrap();
    }
    let many = writer.keep_remark(&tag("more", None)).unwrap_err();
    assert_eq!(many.kind(), ErrorKind::Invalid);
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    assert!(
        verdict.breaks.is_empty() && verdict.links > 3,
        "{verdict:?}"
    );
    for sql in [
        "UPDATE vehicle_remarks SET words = 'x'",
        "DELETE FROM remark_withdrawals",
    ] {
        let refused = writer.connection().execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("never"), "{refused}");
    }
}

#[test]
fn a_sheet_is_confirmed_once_and_only_by_whoever_takes_over() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let sheet = NewHandover {
        from: at(0),
        until: at(1000),
        content: "{}".to_owned(),
        remarks: String::new(),
        who: "Li".to_owned(),
        taker: "Wang".to_owned(),
        is_taken: false,
        at: at(1000),
    };
    for wrong in [
        NewHandover {
            taker: "Li".to_owned(),
            ..sheet.clone()
        },
        NewHandover {
            until: at(0),
            ..sheet.clone()
        },
    ] {
        let refused = writer.keep_handover(&wrong).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Invalid);
    }
    let id = writer.keep_handover(&sheet).unwrap();
    let reader = writer.reader().unwrap();
    assert_eq!(reader.handover(id).unwrap().unwrap().taken_at, None);
    let other = writer.take_over(id, "Zhang", at(2000)).unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Invalid);
    writer.take_over(id, "Wang", at(2000)).unwrap();
    let again = writer.take_over(id, "Wang", at(3000)).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict);
    let kept = reader.handovers(9).unwrap();
    assert_eq!((kept.len(), kept[0].taken_at), (1, Some(at(2000))));
    assert!(writer.take_over(99, "Wang", at(0)).is_err());
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    assert!(verdict.breaks.is_empty(), "{verdict:?}");
}
