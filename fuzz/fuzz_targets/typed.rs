//! What people type in one line: plate, length of time, camera's address, moment. The forms in which
//! it is kept read as themselves, and no password of an address is shown.
#![no_main]

use camera::Address;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use plate::{Color, PlateNumber};

fuzz_target!(|text: &str| {
    let plate = PlateNumber::normalise(text);
    assert_eq!(PlateNumber::normalise(plate.as_str()), plate);
    for color in Color::READABLE {
        assert_eq!(
            plate.validate(color).is_ok(),
            plate.problems(color).is_empty()
        );
    }
    if let Some(meant) = plate.perhaps_meant() {
        assert!(plate::is_valid(meant.as_str()) && !plate::is_valid(plate.as_str()));
        assert_eq!(meant.perhaps_meant(), None);
        assert_eq!(
            meant.as_str().chars().count(),
            plate.as_str().chars().count()
        );
    }
    if let Ok(length) = settings::parse_length(text) {
        let shown = settings::show_length(length);
        assert_eq!(settings::parse_length(&shown), Ok(length), "{shown}");
    }
    if let Ok((address, login)) = Address::parse(text) {
        let shown = format!("{address} {address:?} {login:?}");
        let password = login.as_ref().map_or("", |login| login.password.expose());
        // What the path holds may be the same.
        if password.chars().count() > 8 && text.matches(password).count() == 1 {
            assert!(!shown.contains(password), "{shown}");
        }
        let (again, none) = Address::parse(address.to_string().as_str()).expect("what we show");
        assert!(none.is_none(), "{again}");
    }
    let zone = TimeZone::get("Asia/Shanghai").expect("known");
    for at in [
        records::moment(text, &zone),
        records::range_end(text, &zone, jiff::Timestamp::UNIX_EPOCH),
    ]
    .into_iter()
    .flatten()
    {
        let shown = at.to_zoned(zone.clone()).datetime().to_string();
        assert_eq!(records::moment(&shown, &zone), Ok(at), "{shown}");
    }
});
