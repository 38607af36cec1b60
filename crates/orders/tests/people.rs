//! Orders built with the rules and done in the same process, as a console does them.

use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::{Options, OutboxSink, Reader, Writer};
use orders::register::{By, Import, Registers};
use orders::{
    Corrections, Done, Error, ErrorKind, Job, Order, Refused, RefusedKind, Site, Writes, perform,
};
use passage::{Direction, LanePlace, PaperEntry, PassageId, RecordState, Register};
use records::{Rules, TableFormat, TableReader};
use words::Language;

const BY: By<'_> = By {
    who: "李工",
    why: "登记",
};

struct Place {
    folder: tempfile::TempDir,
}

struct Own(Writer);

impl Writes for Own {
    fn write(&mut self, job: Job) -> Result<Done, Refused> {
        Ok(job(&mut self.0)?)
    }
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn done(&self, order: Order) -> Result<Done, Refused> {
        self.done_with(order, Options::default())
    }

    fn site(&self) -> Site {
        Site {
            name: "测试厂".to_owned(),
            language: Language::En,
            zone: TimeZone::UTC,
            lanes: vec![LanePlace {
                lane: "north-in".to_owned(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                sees_rear: false,
            }],
            data_folder: self.data().to_owned(),
            jpeg_quality: 85,
            max_kilobytes: 300,
            font: None,
            retention: housekeeping::RetentionPlan::default(),
            arms: None,
            registers: records::Rules::on(jiff::civil::date(2026, 3, 1)),
        }
    }

    fn done_with(&self, order: Order, options: Options) -> Result<Done, Refused> {
        let site = self.site();
        let mut own = Own(Writer::open(self.data(), options).expect("a ledger"));
        let reader = Reader::open(self.data()).expect("a ledger");
        let font = || {
            Err(Refused::failed(words::Said::other(
                "no photo is rendered here",
            )))
        };
        perform(order, &site, &reader, &mut own, &font)
    }

    fn registers(&self) -> Registers {
        let rules = Rules::on(jiff::civil::date(2026, 3, 1));
        Registers::open(self.data(), rules).expect("readable")
    }

    fn import(&self, csv: &str) -> Import {
        let table = TableReader::read(csv.as_bytes(), TableFormat::Csv).expect("a table");
        Import::read(&table, Register::Fleet, &self.registers()).expect("its heads fit")
    }

    fn fleets(&self) -> Vec<(String, u32, RecordState)> {
        let registers = self.registers();
        let all = registers.records(Register::Fleet);
        all.map(|record| record.expect("readable"))
            .map(|record| (record.identity, record.revision, record.state))
            .collect()
    }

    fn revise(&self, revisions: Vec<orders::RecordChange>) {
        self.done(Order::Records { revisions }).expect("done");
    }
}

#[test]
fn a_table_is_taken_whole_or_not_at_all_and_a_row_that_says_nothing_new_makes_no_revision() {
    let place = Place::new();
    let wrong = place.import("车队名称,联系电话\n一队,13800000000\n二队,12\n");
    assert_eq!((wrong.rows(), wrong.mistakes()), (1, 1));

    let csv = "车队名称,联系电话\n一队,13800000000\n二队,13900000000\n";
    let changes = |place: &Place| {
        let (registers, import) = (place.registers(), place.import(csv));
        registers.import(Register::Fleet, import, Some(Path::new(".")), BY)
    };
    place.revise(changes(&place).expect("right"));
    let both = ["一队", "二队"].map(|name| (name.to_owned(), 1, RecordState::Checked));
    assert_eq!(place.fleets(), both);
    assert!(changes(&place).expect("right").is_empty());
}

#[test]
fn a_record_is_changed_by_the_name_its_items_give_and_approved_when_nothing_is_missing() {
    let place = Place::new();
    let set = |items: &[&str]| {
        let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
        place.registers().set(Register::Fleet, None, &items, BY)
    };
    place.revise(vec![set(&["fleetName=一队"]).expect("a record")]);
    place.revise(vec![
        set(&["车队名称=一队", "联系人=王"]).expect("a record"),
    ]);
    assert_eq!(
        place.fleets(),
        [("一队".to_owned(), 2, RecordState::Checked)]
    );

    for (items, said) in [
        (&["fleetName"][..], "write ITEM=VALUE"),
        (&["color=red"], "there is no item color"),
        (&["contactName=王"], "fleetName (Fleet)"),
        (
            &["fleetName=一队", "contactPhone=12"],
            "Contact phone \"12\"",
        ),
    ] {
        let error = set(items).expect_err(said);
        assert_eq!(error.kind(), ErrorKind::Asked);
        let text = error.text(Language::En);
        assert!(text.contains(said), "{text}");
    }

    let registers = place.registers();
    let chosen = registers.checked(Register::Fleet).expect("readable");
    let approved = registers.review(&chosen, RecordState::Approved, BY);
    place.revise(approved.expect("nothing is missing"));
    assert_eq!(place.fleets()[0].2, RecordState::Approved);
    let nobody = registers.called(Register::Fleet, "三队");
    assert!(matches!(nobody, Err(Error::NoRecord(name)) if name == "三队"));
}

fn entry(passed_at: Timestamp) -> PaperEntry {
    PaperEntry {
        lane: String::new(),
        entrance: "A".to_owned(),
        barrier: "01".to_owned(),
        direction: Direction::In,
        passed_at,
        plate: "苏A12345".into(),
        color: plate::Color::Yellow,
        cargo: None,
        who: "李工".to_owned(),
        why: "停电".to_owned(),
    }
}

fn paper(passed_at: Timestamp) -> Order {
    typed(entry(passed_at), false)
}

fn typed(entry: PaperEntry, again: bool) -> Order {
    let entry = Box::new(entry);
    Order::Paper { entry, again }
}

#[test]
fn the_same_passage_from_paper_is_entered_once_and_again_only_with_a_word_of_its_own() {
    let place = Place::new();
    let at = Timestamp::now() - SignedDuration::from_hours(1);
    let Ok(Done::Entered(first)) = place.done(paper(at)) else {
        panic!("not entered");
    };
    let minute = SignedDuration::from_mins(1);
    let twice = place.done(paper(at + minute)).expect_err("it is there");
    assert_eq!(twice.kind, RefusedKind::Conflict);
    assert!(
        twice.said.to_string().contains(&format!("number {first}")),
        "{twice:?}"
    );
    assert!(twice.said.to_string().contains("--again"), "{twice:?}");
    let out = PaperEntry {
        direction: Direction::Out,
        ..entry(at + minute)
    };
    for other in [
        typed(entry(at), true),
        typed(out, false),
        paper(at - 10 * minute),
    ] {
        let done = place.done(other);
        assert!(matches!(done, Ok(Done::Entered(_))), "{done:?}");
    }
}

#[test]
fn a_place_that_is_not_known_is_refused_with_those_that_are() {
    let place = Place::new();
    let at = Timestamp::now() - SignedDuration::from_hours(1);
    let there = |entrance: &str, barrier: &str, lane: &str| {
        let (entrance, barrier) = (entrance.to_owned(), barrier.to_owned());
        let lane = lane.to_owned();
        let entry = PaperEntry {
            entrance,
            barrier,
            lane,
            ..entry(at)
        };
        place.done(typed(entry, false))
    };
    for (entrance, barrier, lane, said) in [
        (
            "Z",
            "01",
            "",
            "entrance \"Z\"; nothing was written. Known entrances: A",
        ),
        (
            "A",
            "99",
            "",
            "barrier \"99\"; nothing was written. Its barriers: 01",
        ),
        (
            "A",
            "01",
            "west",
            "lane \"west\"; nothing was written. Its lanes: north-in",
        ),
    ] {
        let refused = there(entrance, barrier, lane).expect_err(said);
        assert_eq!(refused.kind, RefusedKind::Invalid);
        assert!(refused.said.to_string().contains(said), "{refused:?}");
    }
    let done = there("a", "01", "NORTH-IN").expect("the place is known");
    let Done::Entered(id) = done else {
        panic!("{done:?}");
    };
    let reader = Reader::open(place.data()).expect("a ledger");
    let view = orders::passage(&reader, id).expect("entered");
    assert_eq!(
        (view.entrance.as_str(), view.lane.as_str()),
        ("A", "north-in")
    );
}

#[test]
fn an_entrance_that_is_only_registered_is_known_too() {
    let place = Place::new();
    let items: Vec<String> = ["entranceCode=B", "gateCode=02"].map(str::to_owned).into();
    let barrier = place.registers().set(Register::Barrier, None, &items, BY);
    place.revise(vec![barrier.expect("a record")]);
    let at = Timestamp::now() - SignedDuration::from_hours(1);
    let entry = PaperEntry {
        entrance: "B".to_owned(),
        barrier: "02".to_owned(),
        ..entry(at)
    };
    let done = place.done(typed(entry, false));
    assert!(matches!(done, Ok(Done::Entered(_))), "{done:?}");
}

#[test]
fn what_is_older_than_a_sink_is_queued_by_an_order_and_not_twice() {
    let place = Place::new();
    let at = Timestamp::now() - SignedDuration::from_hours(2);
    for minutes in [0, 20, 40] {
        let at = at + SignedDuration::from_mins(minutes);
        place.done(paper(at)).expect("entered");
    }
    let sink = OutboxSink {
        name: "province".to_owned(),
        wait: std::time::Duration::ZERO,
        takes: ledger::Takes::default(),
    };
    let options = || Options {
        sinks: vec![sink.clone()],
        ..Options::default()
    };
    let order = |sinks: &str| Order::Backfill {
        sinks: vec![sinks.to_owned()],
        from: at + SignedDuration::from_mins(10),
        who: "李工".to_owned(),
        why: "平台后接".to_owned(),
    };
    let queued = |order| place.done_with(order, options());
    assert!(matches!(queued(order("province")), Ok(Done::Queued(2))));
    assert!(matches!(queued(order("province")), Ok(Done::Queued(0))));
    let unknown = queued(order("city")).expect_err("no such sink");
    assert_eq!(unknown.kind, RefusedKind::Invalid);
}

#[test]
fn paper_is_entered_and_corrected_but_not_from_the_future_and_not_twice_the_same_way() {
    let place = Place::new();
    let now = Timestamp::now();
    let refused = place.done(paper(now + SignedDuration::from_hours(1)));
    assert_eq!(refused.expect_err("the future").kind, RefusedKind::Invalid);
    let Ok(Done::Entered(id)) = place.done(paper(now - SignedDuration::from_hours(1))) else {
        panic!("not entered");
    };

    let reader = Reader::open(place.data()).expect("a ledger");
    let view = orders::passage(&reader, id).expect("entered");
    let missing = orders::passage(&reader, PassageId(99));
    assert!(matches!(missing, Err(Error::NoPassage(PassageId(99)))));
    let said = Corrections {
        direction: Some("出"),
        ..Corrections::default()
    };
    let correct = || Order::Correct {
        passage: id,
        changes: said.changes(&view).expect("a direction"),
        who: "李工".to_owned(),
        why: "写错".to_owned(),
    };
    assert!(matches!(
        place.done(correct()),
        Ok(Done::Corrected { photo: false, .. })
    ));
    let again = place.done(correct()).expect_err("something else holds");
    assert_eq!(again.kind, RefusedKind::Conflict);
}

#[test]
fn what_keeps_drafts_from_being_approved_is_said_of_each() {
    let place = Place::new();
    let none = place
        .registers()
        .draft_lines(Register::Vehicle, Language::Zh);
    assert_eq!(none.expect("readable"), [""; 0]);
    let items = [
        "plateNo=苏A12345",
        "plateColor=黄",
        "vehicleType=重型半挂牵引车",
    ];
    let items: Vec<String> = items.map(str::to_owned).into();
    let draft = place.registers().set(Register::Vehicle, None, &items, BY);
    place.revise(vec![draft.expect("a draft")]);
    let registers = place.registers();
    assert_eq!(registers.checked(Register::Vehicle).expect("readable"), []);
    let lines = registers.draft_lines(Register::Vehicle, Language::Zh);
    let lines = lines.expect("readable");
    assert!(
        lines[0].contains("苏A12345") && lines[0].contains("必填，未填"),
        "{lines:?}"
    );
    assert!(lines[1].contains("1 条是草稿"), "{lines:?}");
}

#[test]
fn a_record_is_found_by_its_name_however_it_is_typed_and_a_letter_for_a_digit_is_told() {
    let place = Place::new();
    let set = |plate: &str| {
        let items = vec![format!("plateNo={plate}"), "plateColor=黄".to_owned()];
        place.registers().set(Register::Vehicle, None, &items, BY)
    };
    place.revise(vec![set("苏Ａ·１２３４５").expect("a record")]);
    for name in ["苏A12345", "苏ａ-１２３４５", "苏A·12345|黄", " 苏A 12345 "] {
        let found = place.registers().called(Register::Vehicle, name);
        assert_eq!(found.expect(name).identity, "苏A12345|yellow");
    }
    let error = set("苏A1234O").expect_err("a letter for a digit");
    assert!(
        error.text(Language::Zh).contains("是否应为 苏A12340"),
        "{error:?}"
    );
}

#[test]
fn a_round_of_retention_may_be_ordered_and_finds_nothing_in_a_young_ledger() {
    let place = Place::new();
    let Ok(Done::Removed(removed)) = place.done(Order::Retain) else {
        panic!("no round");
    };
    assert_eq!(removed, ledger::Removed::default());
}
