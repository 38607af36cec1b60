use words::Language;

use super::*;

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").expect("known")
}

/// A Sunday, 23:30 at the site.
fn now() -> Timestamp {
    "2026-03-01T15:30:00Z".parse().expect("a time")
}

#[test]
fn a_time_is_on_the_site_s_clock_and_a_day_ends_with_its_last_moment() {
    let at = |text| moment(text, &zone()).expect("a time").to_string();
    let end = |text| range_end(text, &zone(), now()).expect("a time").to_string();
    for day in [
        "2026-03-01",
        "2026/3/1",
        "2026.3.1",
        "20260301",
        "2026年3月1日",
        "２０２６－０３－０１",
        "46082",
    ] {
        assert_eq!(at(day), "2026-02-28T16:00:00Z", "{day}");
        assert_eq!(end(day), "2026-03-01T16:00:00Z", "{day}");
    }
    for text in [
        "2026-03-01T08:30",
        "2026-03-01 08:30:00",
        "2026-03-01 08:30:00.000",
        "2026/3/1 8:30",
        "2026/3/1 8:30:00",
        "2026年3月1日8时30分",
        "2026年3月1日 8点30分00秒",
        "２０２６／３／１　８：３０",
        "46082.354166666664",
    ] {
        assert_eq!(at(text), "2026-03-01T00:30:00Z", "{text}");
        assert_eq!(end(text), "2026-03-01T00:30:00Z", "{text}");
    }
    for text in [
        "2026-03-01T08:30:00+08:00",
        "2026-03-01 08:30+08:00",
        "2026-03-01T00:30:00Z",
        "２０２６-03-01T09:30:00+09:00",
    ] {
        assert_eq!(at(text), "2026-03-01T00:30:00Z", "{text}");
        assert_eq!(end(text), "2026-03-01T00:30:00Z", "{text}");
    }
    assert_eq!(at("2026-03-01T08:30:00.25"), "2026-03-01T00:30:00.25Z");
    for text in [
        "tomorrow?",
        "2026-03-01T25:00",
        "2026-03-01 8:3a",
        "2026-13-01",
        "2026-03-01-02",
        "1.5",
        "12345",
        "0001-01-01T00:00:00Z",
        "",
    ] {
        assert!(moment(text, &zone()).is_err(), "{text}");
    }
}

#[test]
fn days_weeks_and_months_are_called_by_their_names_in_either_language() {
    let span = |text| {
        let from = range_start(text, &zone(), now()).expect(text);
        let until = range_end(text, &zone(), now()).expect(text);
        let local = |at: Timestamp| at.to_zoned(zone()).strftime("%m-%d %H:%M").to_string();
        (local(from), local(until))
    };
    for (names, from, until) in [
        (
            &["今天", "今日", "today", "Today", " 今天 "][..],
            "03-01 00:00",
            "03-02 00:00",
        ),
        (&["昨天", "昨日", "yesterday"], "02-28 00:00", "03-01 00:00"),
        (&["前天"], "02-27 00:00", "02-28 00:00"),
        (&["本周", "this week"], "02-23 00:00", "03-02 00:00"),
        (&["上周", "last week"], "02-16 00:00", "02-23 00:00"),
        (
            &["本月", "这个月", "this month", "2026-03", "2026年3月"],
            "03-01 00:00",
            "04-01 00:00",
        ),
        (
            &["上月", "上个月", "last month"],
            "02-01 00:00",
            "03-01 00:00",
        ),
        (&["今年", "this year"], "01-01 00:00", "01-01 00:00"),
        (
            &["今天 8:30", "今天8点30分", "today 8:30"],
            "03-01 08:30",
            "03-01 08:30",
        ),
        (&["昨天8点"], "02-28 08:00", "02-28 08:00"),
    ] {
        for name in names {
            assert_eq!(span(name), (from.to_owned(), until.to_owned()), "{name}");
        }
    }
}

#[test]
fn days_of_a_report_are_whole_days() {
    let of = |text| days(text, &zone(), now());
    let day = |month, day| Date::constant(2026, month, day);
    assert_eq!(of("昨天"), Ok((day(2, 28), day(2, 28))));
    assert_eq!(of("2026年2月"), Ok((day(2, 1), day(2, 28))));
    assert!(of("今天 8:30").is_err());
    assert!(of("neulich").is_err());
    assert!(of("1160-1").is_err() && of("1900-1").is_ok());
}

#[test]
fn what_is_no_time_is_answered_in_the_reader_s_language_with_what_would_be_one() {
    let error = range_start("neulich", &zone(), now()).expect_err("no time");
    assert!(
        error.said().text(Language::Zh).contains("请写成"),
        "{error:?}"
    );
    for language in Language::ALL {
        let text = error.said().text(language);
        assert!(
            text.contains("neulich") && text.contains("2026-03-01"),
            "{text}"
        );
    }
}
