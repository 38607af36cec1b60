//! Orders built with the rules and done in the same process, as a console does them.

use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ledger::{Options, Reader, Writer};
use orders::register::{By, Import, Registers};
use orders::{
    Corrections, Done, Error, ErrorKind, Job, Order, PaperEntry, Refused, RefusedKind, Site,
    Writes, perform,
};
use passage::{Direction, PassageId, RecordState, Register};
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
        let site = Site {
            name: "测试厂".to_owned(),
            language: Language::En,
            zone: TimeZone::UTC,
            data_folder: self.data().to_owned(),
            jpeg_quality: 85,
            max_kilobytes: 300,
            font: None,
            retention: housekeeping::RetentionPlan::default(),
        };
        let mut own = Own(Writer::open(self.data(), Options::default()).expect("a ledger"));
        let reader = Reader::open(self.data()).expect("a ledger");
        let font = || Err(Refused::failed("no photo is rendered here"));
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
        registers.import(Register::Fleet, import, Path::new("."), BY)
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
        (&["contactName=王"], "fleetName (车队名称)"),
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

fn paper(passed_at: Timestamp) -> Order {
    let entry = PaperEntry {
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
    };
    Order::Paper(Box::new(entry))
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
fn a_round_of_retention_may_be_ordered_and_finds_nothing_in_a_young_ledger() {
    let place = Place::new();
    let Ok(Done::Removed(removed)) = place.done(Order::Retain) else {
        panic!("no round");
    };
    assert_eq!(removed, ledger::Removed::default());
}
