//! Lines on the daemon's socket: an order is read as what was written, and done or refused by a real
//! ledger, which is sound afterwards.
#![no_main]

use std::cell::RefCell;

use jiff::tz::TimeZone;
use ledger::{Options, Reader, Writer};
use libfuzzer_sys::fuzz_target;
use orders::{Done, Job, Order, Refused, Site, Writes, perform};
use passage::LanePlace;
use records::Rules;
use words::Language;

/// After so many orders a ledger is made anew, with two passages to be corrected.
const ORDERS: u32 = 500;
const PASSAGE: &str = r#"{"do":"paper","entry":{"lane":"north-in","entrance":"A","barrier":"01","direction":"in","passed_at":"2026-03-01T00:00:00Z","plate":"冀A12345","color":"yellow","cargo":null,"who":"w","why":"y"},"again":true}"#;

struct Office {
    folder: tempfile::TempDir,
    writer: Own,
    done: u32,
}

struct Own(Writer);

impl Writes for Own {
    fn write(&mut self, job: Job) -> Result<Done, Refused> {
        Ok(job(&mut self.0)?)
    }
}

thread_local! {
    static OFFICE: RefCell<Option<Office>> = const { RefCell::new(None) };
}

fuzz_target!(|line: &[u8]| {
    let Ok(order) = serde_json::from_slice::<Order>(line) else {
        return;
    };
    let written = serde_json::to_string(&order).expect("an order");
    let again: Order = serde_json::from_str(&written).expect("what we wrote");
    assert_eq!(serde_json::to_string(&again).expect("an order"), written);
    OFFICE.with_borrow_mut(|office| {
        if office.as_ref().is_none_or(|office| office.done >= ORDERS) {
            *office = Some(Office::open());
        }
        if let Some(office) = office {
            if let Err(refused) = office.perform(order) {
                let bound = 2000 + 2 * line.len();
                assert!(refused.said.text(Language::Zh).len() < bound);
            }
        }
    });
});

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.expect("a folder");
        let writer = Writer::open(folder.path(), Options::default()).expect("a ledger");
        let writer = Own(writer);
        let mut office = Self {
            folder,
            writer,
            done: 0,
        };
        for _ in 0..2 {
            let order = serde_json::from_str(PASSAGE).expect("an order");
            office
                .perform(order)
                .unwrap_or_else(|refused| panic!("{}", refused.said));
        }
        office
    }

    fn perform(&mut self, order: Order) -> Result<Done, Refused> {
        let site = Site {
            name: "测试厂".to_owned(),
            language: Language::Zh,
            zone: TimeZone::UTC,
            lanes: vec![LanePlace {
                lane: "north-in".to_owned(),
                entrance: "A".to_owned(),
                barrier: "01".to_owned(),
                sees_rear: false,
            }],
            data_folder: self.folder.path().to_owned(),
            jpeg_quality: 85,
            max_kilobytes: 300,
            font: None,
            retention: housekeeping::RetentionPlan::default(),
            arms: None,
            registers: Rules::on(jiff::civil::date(2026, 3, 1)),
        };
        let reader = Reader::open(self.folder.path()).expect("a ledger");
        let font = || {
            Err(Refused::failed(words::Said::other(
                "there is no photo to be annotated",
            )))
        };
        self.done += 1;
        perform(order, &site, &reader, &mut self.writer, &font)
    }
}
