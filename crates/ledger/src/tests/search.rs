//! The combined query against the plainest oracle: every passage looked at.

use proptest::prelude::*;

use passage::*;
use plate::folded;

use super::registers::{next, vehicle, written};
use super::{at, head, open, truck};
use crate::*;

const PLATES: [&str; 6] = [
    "苏A12345",
    "苏A1234S",
    "苏B8888D",
    "浙A12D45",
    "苏AD12345",
    "",
];

fn ledger(data: &tempfile::TempDir) -> Writer {
    let mut writer = open(data.path(), &["mqtt"]);
    for (plate, emission) in [("苏A12345", "5"), ("苏B8888D", "6")] {
        let mut new = vehicle(plate, -10);
        new.values
            .insert("emissionStandard".to_owned(), serde_json::json!(emission));
        let draft = written(&mut writer, new);
        written(&mut writer, next(&draft, RecordState::Approved, -5));
    }
    for n in 0..60_i64 {
        let of = |count: i64| usize::try_from(n * 7 % count).unwrap();
        let mut new = truck(n * 1000);
        new.reading.plate = PLATES[of(6)].to_owned();
        new.reading.recognised = n % 5 != 0 && !new.reading.plate.is_empty();
        new.reading.color = [plate::Color::Yellow, plate::Color::Blue][of(2)];
        new.direction = [Direction::In, Direction::Out][of(2)];
        new.lane = ["north-in", "south-out", "west"][of(3)].to_owned();
        new.decision = [Verdict::Allow, Verdict::Deny][usize::from(n % 9 == 0)];
        let id = writer.decide(&new, &head()).unwrap();
        if n % 11 == 0 && !new.reading.plate.is_empty() {
            let correction = Correction {
                changes: vec![Change {
                    item: CorrectedItem::Plate,
                    replaces: Some(new.reading.plate),
                    value: "苏C77777".to_owned(),
                }],
                who: "x".to_owned(),
                why: "y".to_owned(),
                at: at(n),
            };
            writer.correct(id, &correction, &[]).unwrap();
        }
    }
    // Some deliveries are answered.
    for (index, item) in writer
        .claim_due(&Claim {
            sink: "mqtt",
            now: at(99_999_000),
            live_window: std::time::Duration::ZERO,
            limit: 30,
            backlog_limit: 30,
        })
        .unwrap()
        .into_iter()
        .enumerate()
    {
        match index % 3 {
            0 => writer.refuse(item.id, at(1), "no").unwrap(),
            _ => writer.ack(item.id, at(1), "ok").unwrap(),
        }
    }
    writer
}

fn meets(p: &PassageView, filter: &Filter) -> bool {
    let is = |wanted: &Option<String>, found: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
    };
    let upload = if p
        .deliveries
        .iter()
        .any(|d| d.state == DeliveryState::Refused)
    {
        UploadState::Refused
    } else if p.deliveries.iter().any(|d| d.settled_at.is_none()) {
        UploadState::Waiting
    } else {
        UploadState::Acknowledged
    };
    let plate = filter.plate.as_ref().is_none_or(|wanted| {
        let seen = |text: &str| {
            if wanted.similar {
                folded(text)
            } else {
                text.to_owned()
            }
        };
        let (held, wanted_text) = (seen(&p.reading.plate), seen(&wanted.text));
        if wanted.whole {
            held == wanted_text
        } else {
            held.contains(&wanted_text)
        }
    });
    let vehicle = |item| p.vehicle.as_ref().and_then(|v| v.text(item));
    plate
        && filter.from.is_none_or(|from| p.decided_at >= from)
        && filter.until.is_none_or(|until| p.decided_at < until)
        && filter
            .unknown
            .is_none_or(|unknown| p.plate().is_none() == unknown)
        && filter.direction.is_none_or(|d| d == p.direction)
        && filter.color.is_none_or(|c| c == p.reading.color)
        && filter.decision.is_none_or(|d| d == p.decision)
        && filter.upload.is_none_or(|u| u == upload)
        && is(&filter.lane, Some(&p.lane))
        && is(&filter.emission, vehicle("emissionStandard"))
        && is(&filter.fuel, vehicle("fuelType"))
}

fn filter() -> impl Strategy<Value = Filter> {
    fn maybe<T: Clone + std::fmt::Debug + 'static>(
        one: impl Strategy<Value = T> + 'static,
    ) -> BoxedStrategy<Option<T>> {
        prop_oneof![3 => Just(None), 1 => one.prop_map(Some)].boxed()
    }
    let text =
        |choices: &'static [&'static str]| prop::sample::select(choices).prop_map(str::to_owned);
    let parts = &[
        "苏A12345",
        "234",
        "A1234",
        "88D",
        "苏A",
        "5",
        "苏C777",
        "D12",
        "99999",
        "\"%_",
    ];
    let plate =
        (text(parts), any::<bool>(), any::<bool>()).prop_map(|(text, whole, similar)| PlatePart {
            text,
            whole,
            similar,
        });
    (
        (maybe(0..60_000_i64), maybe(0..60_000_i64)),
        prop_oneof![Just(None), plate.prop_map(Some)],
        maybe(any::<bool>()),
        maybe(text(&["north-in", "south-out", "nowhere"])),
        maybe(prop::sample::select(Direction::ALL)),
        maybe(prop::sample::select(
            &[plate::Color::Yellow, plate::Color::Blue][..],
        )),
        maybe(text(&["5", "6", "D"])),
        maybe(prop::sample::select(Verdict::ALL)),
        maybe(prop::sample::select(
            &[
                UploadState::Waiting,
                UploadState::Refused,
                UploadState::Acknowledged,
            ][..],
        )),
        any::<bool>(),
    )
        .prop_map(
            |(
                (from, span),
                plate,
                unknown,
                lane,
                direction,
                color,
                emission,
                decision,
                upload,
                oldest,
            )| {
                let from = from.unwrap_or(0);
                Filter {
                    from: Some(at(from)),
                    until: Some(at(from + 1 + span.unwrap_or(90_000))),
                    plate,
                    unknown,
                    entrance: None,
                    lane,
                    direction,
                    color,
                    emission,
                    fuel: None,
                    decision,
                    reason: None,
                    upload,
                    oldest_first: oldest,
                }
            },
        )
}

#[test]
fn every_combination_finds_what_looking_at_every_passage_finds() {
    let data = tempfile::tempdir().unwrap();
    let reader = ledger(&data).reader().unwrap();
    let all = reader.recent(1000).unwrap();
    assert_eq!(all.len(), 60);
    let mut found_any = 0;
    let config = ProptestConfig {
        cases: 600,
        failure_persistence: None,
        ..Default::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let counter = std::cell::Cell::new(0);
    runner
        .run(&filter(), |filter| {
            let mut expected: Vec<_> = all.iter().filter(|p| meets(p, &filter)).collect();
            expected.sort_by_key(|p| (p.decided_at, p.id));
            if !filter.oldest_first {
                expected.reverse();
            }
            let expected: Vec<_> = expected.into_iter().map(|p| p.id).collect();
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = reader.search(&filter, after, 7).unwrap();
                found.extend(page.passages.iter().map(|p| p.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            prop_assert_eq!(&found, &expected);
            let mut streamed = Vec::new();
            reader
                .each(&filter, |p| {
                    streamed.push(p.id);
                    true
                })
                .unwrap();
            prop_assert_eq!(&streamed, &expected);
            counter.set(counter.get() + usize::from(!found.is_empty()));
            Ok(())
        })
        .unwrap();
    found_any += counter.get();
    assert!(
        found_any > 60,
        "the filters hardly ever found anything: {found_any}"
    );
}

#[test]
fn a_filter_that_would_read_two_years_is_refused_in_words() {
    let data = tempfile::tempdir().unwrap();
    let reader = ledger(&data).reader().unwrap();
    let part = |text: &str| Filter {
        plate: Some(PlatePart {
            text: text.to_owned(),
            ..PlatePart::default()
        }),
        ..Filter::default()
    };
    let error = reader.search(&part("A1"), None, 50).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("62 days"), "{error}");
    let bounded = Filter {
        from: Some(at(0)),
        until: Some(at(60_000)),
        ..part("A1")
    };
    assert!(
        !reader
            .search(&bounded, None, 50)
            .unwrap()
            .passages
            .is_empty()
    );
    let backwards = Filter {
        from: Some(at(2)),
        until: Some(at(1)),
        ..Filter::default()
    };
    let many = part(&"苏A12345,".repeat(101));
    for wrong in [
        backwards,
        part(""),
        part(" ,、"),
        part(&"1".repeat(17)),
        many,
    ] {
        let error = reader.search(&wrong, None, 50).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}

#[test]
fn a_plate_is_found_however_it_is_typed_and_however_an_earlier_version_stored_it() {
    let data = tempfile::tempdir().unwrap();
    let mut writer = open(data.path(), &[]);
    let stored = ["豫H96UW7", "冀Ｐ·UE571"];
    for (ms, plate) in (0..).zip(stored) {
        let mut new = truck(ms);
        new.reading.plate = plate.to_owned();
        writer.decide(&new, &head()).unwrap();
    }
    let reader = writer.reader().unwrap();
    let found = |text: &str, whole| -> Vec<String> {
        let filter = Filter {
            plate: Some(PlatePart {
                text: text.to_owned(),
                whole,
                similar: false,
            }),
            ..Filter::default()
        };
        let page = reader.search(&filter, None, 50).unwrap();
        page.passages.into_iter().map(|p| p.reading.plate).collect()
    };
    for typed in [
        "豫H96UW7",
        "豫H·96UW7",
        "豫H 96UW7",
        "豫Ｈ９６ＵＷ７",
        " 豫h-96uw7",
    ] {
        assert_eq!(found(typed, true), stored[..1], "{typed:?}");
        assert_eq!(found(typed, false), stored[..1], "{typed:?}");
    }
    assert_eq!(found("h·96u", false), stored[..1]);
    for typed in ["冀Ｐ·UE571", "ue571"] {
        assert_eq!(found(typed, false), stored[1..], "{typed:?}");
    }
    assert_eq!(found("冀Ｐ·ue571", true), stored[1..]);
    for list in ["豫H96UW7,冀Ｐ·ue571", "冀Ｐ·UE571、沪A00000；\n豫h·96uw7，"] {
        let mut both = found(list, true);
        both.reverse();
        assert_eq!(both, stored, "{list:?}");
    }
    assert_eq!(found("96uw，99999", false), stored[..1]);
}

#[test]
fn a_page_that_ends_exactly_at_the_last_passage_is_followed_by_an_empty_one() {
    let data = tempfile::tempdir().unwrap();
    let reader = ledger(&data).reader().unwrap();
    let page = reader.search(&Filter::default(), None, 60).unwrap();
    assert_eq!(page.passages.len(), 60);
    let next = reader.search(&Filter::default(), page.next, 60).unwrap();
    assert_eq!((next.passages.len(), next.next), (0, None));
}
