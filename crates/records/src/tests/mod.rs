//! What the registers take and refuse, and tables that people and Excel make.

mod items;
mod tables;
mod vehicles;
mod workbooks;

use jiff::civil::date;
use serde_json::{Value, json};

use crate::*;

fn rules() -> Rules {
    Rules::on(date(2026, 3, 1))
}

fn values(value: Value) -> Values {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

/// A diesel truck of which everything is known.
fn truck() -> Values {
    values(json!({
        "plateNo": "苏A12345",
        "plateColor": "yellow",
        "vehicleType": "H11",
        "vin": "LFWSRXSJ7M1E12345",
        "registerDate": "2021-06-30",
        "vehicleModel": "解放牌CA4250",
        "fuelType": "B",
        "emissionStandard": "6",
        "useCharacter": "F",
        "networkStatus": "1",
        "drivingLicensePhoto": "ab".repeat(32),
    }))
}
