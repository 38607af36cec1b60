//! Weighings that know no plate: whose they are, and what two of a visit tell.

use std::time::Duration;

use passage::*;

use super::{at, findings, head, open, passed, truck};
use crate::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

struct Site {
    data: tempfile::TempDir,
    writer: Writer,
    rules: ScaleRules,
}

impl Site {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let rule = ScaleRule {
            window: Duration::from_secs(120),
            order: MatchOrder::Any,
        };
        Self {
            writer: open(data.path(), &["mqtt"]),
            data,
            rules: ScaleRules {
                scales: [("south".to_owned(), rule)].into(),
                least_load_kg: 200,
            },
        }
    }

    fn passes(&mut self, ms: i64, plate: &str, direction: Direction) -> PassageId {
        self.ends(ms, plate, direction, Outcome::Passed)
    }

    fn ends(&mut self, ms: i64, plate: &str, direction: Direction, outcome: Outcome) -> PassageId {
        let mut new = truck(ms);
        new.reading.plate = plate.to_owned();
        new.direction = direction;
        let id = self.writer.decide(&new, &head()).unwrap();
        let end = Finished {
            outcome,
            ..passed(ms + 1)
        };
        self.writer.finish(id, &end, &[]).unwrap();
        id
    }

    fn weighs(&mut self, ms: i64, kg: i64) -> bool {
        let weighing = ScaleWeighing {
            scale: "south".to_owned(),
            lanes: vec!["north-in".to_owned(), "north-out".to_owned()],
            mass_kg: kg,
            weighed_at: at(ms),
        };
        self.writer.add_scale_weighing(&weighing, at(ms)).unwrap()
    }

    fn settles(&mut self, ms: i64) -> ScaleSettled {
        let mut all = ScaleSettled::default();
        loop {
            let reader = self.writer.reader().unwrap();
            let work = reader.scale_work(&self.rules, at(-HOUR), at(ms)).unwrap();
            if work.is_empty() {
                return all;
            }
            let done = self.writer.settle_scales(&work, at(ms)).unwrap();
            all.matched += done.matched;
            all.given += done.given;
            all.taken_back += done.taken_back;
        }
    }

    fn cargo(&self, id: PassageId) -> Option<Cargo> {
        self.view(id).cargo
    }

    fn view(&self, id: PassageId) -> PassageView {
        let reader = self.writer.reader().unwrap();
        reader.passage(id).unwrap().unwrap()
    }

    /// Whose weighings there are, in their order.
    fn matches(&self) -> Vec<Option<i64>> {
        let reader = self.writer.reader().unwrap();
        let mut statement = reader
            .connection()
            .prepare(
                "SELECT passage_id FROM scale_weighings w
                 LEFT JOIN scale_matches m ON m.weighing_id = w.id ORDER BY w.id",
            )
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn corrects(&mut self, id: PassageId, item: CorrectedItem, from: Option<&str>, to: &str) {
        let correction = Correction {
            changes: vec![Change {
                item,
                replaces: from.map(str::to_owned),
                value: to.to_owned(),
            }],
            who: "门卫".to_owned(),
            why: "看错".to_owned(),
            at: at(0),
        };
        self.writer.correct(id, &correction, &[]).unwrap();
    }

    fn assert_sound(&self) {
        assert_eq!(findings(self.data.path()), []);
        let reader = self.writer.reader().unwrap();
        let verdict = reader.verify(&VerifyOptions::default()).unwrap();
        assert!(verdict.breaks.is_empty(), "{verdict:?}");
    }
}

use Direction::{In, Out};

#[test]
fn entry_and_exit_on_the_scale_tell_the_load_and_the_way_it_went() {
    for (first, second, loaded) in [(17_500, 49_020, Out), (49_020, 17_500, In)] {
        let mut site = Site::new();
        let came = site.passes(0, "苏A12345", In);
        assert!(site.weighs(5_000, first));
        assert!(!site.weighs(5_000, first), "kept once");
        site.settles(5 * MINUTE);
        assert_eq!(site.cargo(came), None, "one weighing is no load");
        let left = site.passes(HOUR, "苏A12345", Out);
        site.weighs(HOUR + 5_000, second);
        assert_eq!(
            site.settles(HOUR + MINUTE).matched,
            0,
            "something nearer may come"
        );
        let settled = site.settles(HOUR + 5 * MINUTE);
        assert_eq!((settled.matched, settled.given), (1, 1));
        let (with, without) = if loaded == In {
            (came, left)
        } else {
            (left, came)
        };
        assert_eq!(site.cargo(without), None);
        let cargo = site.cargo(with).unwrap();
        assert_eq!(
            (cargo.gross_t, cargo.tare_t, cargo.net_t, cargo.amount),
            (Some(49.02), Some(17.5), Some(31.52), Some(31.52))
        );
        assert_eq!(cargo.source, CargoSource::Weighbridge);
        let settled = site.settles(HOUR + 6 * MINUTE);
        assert_eq!(settled, ScaleSettled::default(), "once");
        assert_eq!(site.view(with).corrections.len(), 1);
        site.assert_sound();
    }
}

#[test]
fn cargo_from_the_scale_is_queued_like_other_cargo() {
    let mut site = Site::new();
    let left = visit(&mut site);
    let claim = Claim {
        sink: "mqtt",
        now: at(2 * HOUR),
        live_window: Duration::from_secs(3600),
        limit: 10,
        backlog_limit: 10,
    };
    let mut sent = Vec::new();
    for item in site.writer.claim_due(&claim).unwrap() {
        if let Subject::Passage(view) = &item.subject {
            sent.push((view.id, view.cargo.as_ref().and_then(|c| c.net_t)));
        }
    }
    assert!(sent.contains(&(left, Some(31.52))), "{sent:?}");
}

/// A truck comes empty and leaves with 31.52 t; its exit.
fn visit(site: &mut Site) -> PassageId {
    site.passes(0, "苏A12345", In);
    site.weighs(5_000, 17_500);
    let left = site.passes(HOUR, "苏A12345", Out);
    site.weighs(HOUR + 5_000, 49_020);
    site.settles(HOUR + 5 * MINUTE);
    left
}

#[test]
fn a_small_difference_is_no_load() {
    let mut site = Site::new();
    let came = site.passes(0, "苏A12345", In);
    site.weighs(5_000, 17_500);
    let left = site.passes(HOUR, "苏A12345", Out);
    site.weighs(HOUR, 17_620);
    assert_eq!(site.settles(HOUR + 5 * MINUTE).given, 0);
    assert_eq!((site.cargo(came), site.cargo(left)), (None, None));
}

#[test]
fn a_vehicle_that_was_not_weighed_does_not_get_the_next_ones_weighing() {
    let mut site = Site::new();
    let unweighed = site.passes(0, "苏A1", In);
    // The next one drives off the platform before its passage is decided.
    site.weighs(60_000, 17_500);
    assert_eq!(site.settles(90_000).matched, 0);
    let weighed = site.passes(70_000, "苏A2", In);
    assert_eq!(site.settles(60_000 + 4 * MINUTE).matched, 1);
    assert_eq!(site.matches(), [Some(weighed.0)]);
    assert_eq!(site.cargo(unweighed), None);
    // A queue: each gets its own.
    let mut own = vec![Some(weighed.0)];
    for n in 10..20 {
        own.push(Some(site.passes(n * MINUTE, "苏A3", In).0));
        site.weighs(n * MINUTE + 20_000, 20_000);
    }
    site.settles(HOUR);
    assert_eq!(site.matches(), own);
}

#[test]
fn where_the_camera_comes_long_before_the_scale_the_next_truck_is_not_nearer() {
    let mut site = Site::new();
    let rule = site.rules.scales.get_mut("south").unwrap();
    rule.order = MatchOrder::PassageFirst;
    let mut own = Vec::new();
    for n in 0..10 {
        own.push(Some(site.passes(n * MINUTE, "苏A3", In).0));
        site.weighs(n * MINUTE + 45_000, 20_000);
    }
    site.settles(HOUR);
    assert_eq!(site.matches(), own);
}

#[test]
fn other_lanes_paper_and_what_is_too_far_in_time_are_no_match() {
    let mut site = Site::new();
    let mut other = truck(0);
    other.lane = "west".to_owned();
    site.writer.decide(&other, &head()).unwrap();
    site.passes(-10 * MINUTE, "苏A1", In);
    let paper = PaperPassage {
        key: PassageKey::random(),
        entry: PaperEntry {
            lane: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: In,
            passed_at: at(0),
            plate: "苏A12345".into(),
            color: plate::Color::Yellow,
            cargo: None,
            who: "门卫".to_owned(),
            why: "停电".to_owned(),
        },
        entered_at: at(0),
    };
    site.writer.enter_paper(&paper, &[]).unwrap();
    site.weighs(1_000, 20_000);
    assert_eq!(site.settles(HOUR).matched, 0);
    // Late, for the disk was full: it is still found.
    let late = site.passes(2_000, "苏A2", In);
    assert_eq!(site.settles(2 * HOUR).matched, 1);
    assert_eq!(site.matches(), [Some(late.0)]);
    let figures = site.writer.reader().unwrap().scale_figures(at(0)).unwrap();
    assert_eq!((figures[0].weighings, figures[0].without_passage), (1, 0));
}

#[test]
fn what_a_person_or_a_ticket_says_of_the_cargo_stays() {
    let typed = r#"{"name":"焦炭","amount":30.0,"unit":"t","source":"typed","gross_t":null,"tare_t":null,"net_t":null,"ticket":null,"weighed_at":null}"#;
    let mut site = Site::new();
    site.passes(0, "苏A12345", In);
    site.weighs(5_000, 17_500);
    let left = site.passes(HOUR, "苏A12345", Out);
    site.corrects(left, CorrectedItem::Cargo, None, typed);
    site.weighs(HOUR + 5_000, 49_020);
    let settled = site.settles(HOUR + 5 * MINUTE);
    assert_eq!((settled.matched, settled.given), (2, 0));
    assert_eq!(site.cargo(left).unwrap().name.as_deref(), Some("焦炭"));

    // After the scale: the person's word replaces it and is not replaced again.
    let mut site = Site::new();
    let left = visit(&mut site);
    let held = site.view(left).holds(CorrectedItem::Cargo);
    site.corrects(left, CorrectedItem::Cargo, held.as_deref(), typed);
    assert_eq!(site.settles(HOUR + 9 * MINUTE), ScaleSettled::default());
    assert_eq!(site.cargo(left).unwrap().amount, Some(30.0));

    // A ticket knows what it was.
    let mut site = Site::new();
    let left = visit(&mut site);
    let ticket = Weighing {
        plate: "苏A12345".into(),
        weighed_at: at(HOUR + 10_000),
        ticket: "B1".to_owned(),
        cargo: Some("焦炭".to_owned()),
        gross_kg: Some(49_000),
        tare_kg: Some(17_500),
        net_kg: None,
    };
    let window = Duration::from_secs(600);
    let at_noon = at(HOUR + 9 * MINUTE);
    let added = site
        .writer
        .add_weighings(&[ticket], "磅房", window, "磅房", at_noon);
    assert_eq!(added.unwrap().matched, 1);
    assert_eq!(site.settles(HOUR + 10 * MINUTE), ScaleSettled::default());
    assert_eq!(site.cargo(left).unwrap().ticket.as_deref(), Some("B1"));
    site.assert_sound();
}

#[test]
fn a_corrected_plate_finds_its_visit_and_loses_no_weighing() {
    let mut site = Site::new();
    let came = site.passes(0, "苏A12346", In);
    site.weighs(5_000, 17_500);
    let left = site.passes(HOUR, "苏A12345", Out);
    site.weighs(HOUR + 5_000, 49_020);
    let settled = site.settles(HOUR + 5 * MINUTE);
    assert_eq!(
        (settled.matched, settled.given),
        (2, 0),
        "no visit by these plates"
    );
    site.corrects(came, CorrectedItem::Plate, Some("苏A12346"), "苏A12345");
    assert_eq!(site.settles(HOUR + 6 * MINUTE).given, 1);
    assert_eq!(site.cargo(left).unwrap().net_t, Some(31.52));

    // It was another truck after all: the load is not known any more, and that is said.
    site.corrects(came, CorrectedItem::Plate, Some("苏A12345"), "苏A12346");
    assert_eq!(site.settles(HOUR + 7 * MINUTE).taken_back, 1);
    let cargo = site.cargo(left).unwrap();
    assert_eq!((cargo.amount, cargo.gross_t), (None, None));
    assert_eq!(site.settles(HOUR + 8 * MINUTE), ScaleSettled::default());

    // And back again.
    site.corrects(came, CorrectedItem::Plate, Some("苏A12346"), "苏A12345");
    assert_eq!(site.settles(HOUR + 9 * MINUTE).given, 1);
    assert_eq!(site.cargo(left).unwrap().net_t, Some(31.52));
    assert_eq!(site.matches(), [Some(came.0), Some(left.0)]);
    site.assert_sound();
}

#[test]
fn a_vehicle_that_turned_back_made_no_visit() {
    let mut site = Site::new();
    site.passes(0, "苏A12345", In);
    site.weighs(5_000, 17_500);
    let back = site.ends(HOUR, "苏A12345", Out, Outcome::BackedOut);
    site.weighs(HOUR + 5_000, 49_020);
    let left = site.passes(2 * HOUR, "苏A12345", Out);
    site.weighs(2 * HOUR + 5_000, 40_000);
    let settled = site.settles(2 * HOUR + 5 * MINUTE);
    assert_eq!((settled.matched, settled.given), (3, 1));
    assert_eq!(site.cargo(back), None);
    assert_eq!(site.cargo(left).unwrap().net_t, Some(22.5));
}

#[test]
fn a_changed_weighing_is_named_by_the_chain() {
    let mut site = Site::new();
    visit(&mut site);
    let path = site.data.path().join("ledger.sqlite3");
    let database = rusqlite::Connection::open(path).unwrap();
    database
        .execute_batch(
            "DROP TRIGGER scale_weighings_stay; UPDATE scale_weighings SET mass_kg = 39020 WHERE id = 2;
             DROP TRIGGER scale_matches_remain; DELETE FROM scale_matches WHERE weighing_id = 1;",
        )
        .unwrap();
    let reader = site.writer.reader().unwrap();
    let verdict = reader.verify(&VerifyOptions::default()).unwrap();
    let named: Vec<_> = verdict.breaks.iter().map(|b| format!("{b:?}")).collect();
    assert_eq!(named.len(), 2, "{named:?}");
    assert!(
        named.iter().any(|b| b.contains("scale_weighings")),
        "{named:?}"
    );
    assert!(
        named.iter().any(|b| b.contains("scale_matches")),
        "{named:?}"
    );
}
