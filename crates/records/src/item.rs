//! The items of every register, from the tables of HJ 1321-2023 as far as they are known.
//!
//! Lengths are those seen in working platforms, not in the standard's text; a site can set others
//! in `[registers]`.

use passage::{Item, Register};
use serde_json::Value;
use words::Language;

use crate::Cell;
use crate::code::{self, CodeTable};

/// What an item may hold.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A day, stored as `2024-01-31`.
    Date,
    /// One of a fixed choice.
    Code(&'static CodeTable),
    /// A number of things.
    Count,
    /// Degrees east, six decimals.
    Longitude,
    /// Degrees north, six decimals.
    Latitude,
    /// A picture or PDF, stored as the SHA-256 of its content.
    File,
    /// A mobile or fixed-line number.
    Phone,
    /// 车辆识别代号 of 17 characters.
    Vin,
    /// 车牌号码 of a road vehicle.
    Plate,
    /// A number plate that no rule of road plates holds for.
    OwnPlate,
    /// Letters and digits such as a serial number.
    Mark,
    /// 统一社会信用代码, GB 32100-2015.
    CreditCode,
    /// 行政区划, GB/T 2260.
    AreaCode,
    /// One letter or digit.
    EntranceCode,
    /// Two or three digits.
    GateCode,
    /// A letter and two digits, GA/T 16.4.
    VehicleType,
    /// IP address.
    Address,
    /// TCP port.
    Port,
    /// An address of a stream, without a password in it.
    Url,
}

/// How much an item is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Without it the record has no name.
    Identity,
    /// A record that lacks it cannot be approved.
    Mandatory,
    /// Counts for completeness and stops nothing.
    Wanted,
}

/// One item of a register.
#[derive(Debug)]
pub struct RegisterItem {
    /// Canonical name.
    pub name: &'static str,
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Other terms that people use for it.
    pub also: &'static [&'static str],
    /// What it may hold.
    pub kind: ValueKind,
    /// How much it is needed.
    pub need: Need,
    /// Longest text in characters, unless a setting says otherwise.
    pub max_chars: u16,
}

impl RegisterItem {
    /// The label in one language.
    #[must_use]
    pub const fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// Its name, its labels and the other terms for it.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.name, self.zh, self.en]
            .into_iter()
            .chain(self.also.iter().copied())
    }

    /// A stored value as a person reads it, and as it can be imported again.
    #[must_use]
    pub fn shown(&self, value: Option<&Value>, language: Language) -> Cell {
        match (value, self.kind) {
            (None | Some(Value::Null), _) => Cell::Empty,
            (Some(Value::String(code)), ValueKind::Code(table)) => {
                let name = table.get(code).map_or(code.as_str(), |c| c.name(language));
                Cell::Text(name.to_owned())
            }
            (Some(Value::String(day)), ValueKind::Date) => {
                let text = || Cell::text(Some(day.as_str()));
                day.parse().map_or_else(|_| text(), Cell::Day)
            }
            (Some(Value::String(text)), _) => Cell::text(Some(text.as_str())),
            (Some(Value::Number(number)), _) => Cell::number(number.as_f64()),
            (Some(other), _) => Cell::Text(other.to_string()),
        }
    }
}

/// Names come from the catalogue; a name that is not there does not compile. `as` gives an item the
/// label that it has in this register alone.
macro_rules! items {
    (@own $common:expr) => { $common };
    (@own $common:expr, $own:literal) => { $own };
    ($( $name:literal $(as $zh:literal $en:literal)? $kind:expr, $need:ident $(, $max:literal)? ; )+) => {
        &[ $( {
            const ITEM: &Item = match passage::item($name) {
                Some(item) => item,
                None => panic!("not an item of the catalogue"),
            };
            RegisterItem {
                name: ITEM.name,
                zh: items!(@own ITEM.zh $(, $zh)?),
                en: items!(@own ITEM.en $(, $en)?),
                also: ITEM.also,
                kind: $kind,
                need: Need::$need,
                max_chars: items!(@own 100 $(, $max)?),
            }
        } ),+ ]
    };
}

use ValueKind::{
    Address, AreaCode, Code, Count, CreditCode, Date, EntranceCode, File, GateCode, Latitude,
    Longitude, Mark, OwnPlate, Phone, Plate, Port, Text, Url, VehicleType, Vin,
};

static ENTERPRISE: &[RegisterItem] = items! {
    "enterpriseCode" Mark, Identity, 30;
    "enterpriseName" Text, Mandatory, 300;
    "shortName" Text, Wanted, 150;
    "creditCode" CreditCode, Mandatory, 18;
    "industryType" Text, Mandatory;
    "industryBranch" Text, Wanted;
    "performanceGrade" Code(&code::GRADE), Mandatory;
    "areaCode" AreaCode, Mandatory, 6;
    "address" Text, Mandatory, 200;
    "longitude" Longitude, Mandatory;
    "latitude" Latitude, Mandatory;
    "legalPerson" Text, Mandatory;
    "contactName" Text, Mandatory;
    "contactPhone" Phone, Mandatory, 20;
    "cargoEntranceCount" Count, Mandatory;
    "gateCount" Count, Mandatory;
    "transportVehicleCount" Count, Mandatory;
    "inPlantVehicleCount" Count, Mandatory;
    "nonRoadCount" Count, Mandatory;
    "maintainerName" Text, Mandatory;
    "maintainerPerson" Text, Mandatory;
    "maintainerPhone" Phone, Mandatory, 20;
};

static ENTRANCE: &[RegisterItem] = items! {
    "entranceCode" EntranceCode, Identity, 1;
    "entranceName" Text, Mandatory, 50;
    "entranceAddress" Text, Wanted, 200;
    "longitude" Longitude, Wanted;
    "latitude" Latitude, Wanted;
};

static BARRIER: &[RegisterItem] = items! {
    "entranceCode" EntranceCode, Identity, 1;
    "gateCode" GateCode, Identity, 3;
    "gateName" Text, Mandatory, 50;
    "gateAddress" Text, Mandatory, 200;
    "longitude" Longitude, Mandatory;
    "latitude" Latitude, Mandatory;
    "manager" Text, Mandatory, 10;
    "managerPhone" Phone, Mandatory, 20;
    "maintCompany" Text, Mandatory, 20;
    "maintContact" Text, Mandatory, 10;
    "maintPhone" Phone, Mandatory, 20;
};

static CAMERA: &[RegisterItem] = items! {
    "cameraCode" Mark, Identity, 15;
    "entranceCode" EntranceCode, Mandatory, 1;
    "gateCode" GateCode, Mandatory, 3;
    "cameraName" Text, Mandatory, 20;
    "ip" Address, Mandatory, 45;
    "port" Port, Mandatory;
    "userName" Text, Mandatory, 15;
    "passwordFile" Text, Mandatory, 200;
    "liveUrl" Url, Wanted, 200;
    "replayUrl" Url, Wanted, 200;
    "vendor" Text, Wanted, 20;
    "model" Text, Wanted, 20;
    "gbId" Mark, Wanted, 50;
    "channel" Mark, Wanted, 50;
    "serialNo" as "设备序列号" "Serial number" Mark, Wanted, 50;
    "direction" Code(&code::DIRECTION), Mandatory;
};

static VEHICLE: &[RegisterItem] = items! {
    "plateNo" Plate, Identity, 30;
    "plateColor" Code(&code::PLATE_COLOR), Identity;
    "vehicleType" VehicleType, Mandatory, 3;
    "vin" Vin, Mandatory, 17;
    "registerDate" Date, Mandatory;
    "vehicleModel" Text, Mandatory, 100;
    "engineModel" Text, Wanted, 50;
    "engineMaker" Text, Wanted, 100;
    "engineNo" Mark, Wanted, 100;
    "fuelType" Code(&code::FUEL), Mandatory;
    "emissionStandard" Code(&code::EMISSION), Mandatory;
    "emissionBasis" Text, Wanted, 100;
    "useCharacter" Code(&code::USE), Mandatory;
    "networkStatus" Code(&code::NETWORK), Mandatory;
    "vehicleListPhoto" File, Wanted;
    "drivingLicensePhoto" File, Wanted;
    "drivingLicensePhoto2" File, Wanted;
    "scanResult" Text, Wanted, 500;
    "fleetName" Text, Wanted, 100;
};

static IN_PLANT_VEHICLE: &[RegisterItem] = items! {
    "vin" Mark, Identity, 20;
    "envCode" Mark, Wanted, 50;
    "productionDate" Date, Mandatory;
    "plateNo" OwnPlate, Wanted, 32;
    "registerDate" Date, Wanted;
    "vehicleModel" Text, Mandatory, 100;
    "engineModel" Text, Wanted, 50;
    "engineMaker" Text, Wanted, 100;
    "engineNo" Mark, Wanted, 20;
    "fuelType" Code(&code::FUEL), Mandatory;
    "emissionStandard" Code(&code::EMISSION), Mandatory;
    "networkStatus" Code(&code::NETWORK), Wanted;
    "vehicleListPhoto" File, Wanted;
    "drivingLicensePhoto" File, Wanted;
    "owner" Text, Mandatory, 100;
};

static MACHINE: &[RegisterItem] = items! {
    "pin" Mark, Identity, 64;
    "envCode" Mark, Mandatory, 50;
    "productionDate" Date, Mandatory;
    "plateNo" OwnPlate, Wanted, 32;
    "emissionStandard" Code(&code::EMISSION), Mandatory;
    "fuelType" Code(&code::FUEL), Mandatory;
    "machineType" Code(&code::MACHINE_TYPE), Mandatory;
    "machineModel" Text, Mandatory, 100;
    "engineModel" Text, Wanted, 32;
    "engineMaker" Text, Wanted, 100;
    "engineNo" Mark, Wanted, 32;
    "machinePlatePhoto" File, Wanted;
    "enginePlatePhoto" File, Wanted;
    "envLabelPhoto" File, Wanted;
    "owner" Text, Mandatory, 100;
};

static FLEET: &[RegisterItem] = items! {
    "fleetName" Text, Identity, 100;
    "contactName" Text, Wanted;
    "contactPhone" Phone, Wanted, 20;
    "creditCode" CreditCode, Wanted, 18;
};

/// The items of a register, in the order of the standard's tables.
#[must_use]
pub fn items(register: Register) -> &'static [RegisterItem] {
    match register {
        Register::Enterprise => ENTERPRISE,
        Register::Entrance => ENTRANCE,
        Register::Barrier => BARRIER,
        Register::Camera => CAMERA,
        Register::Vehicle => VEHICLE,
        Register::InPlantVehicle => IN_PLANT_VEHICLE,
        Register::Machine => MACHINE,
        Register::Fleet => FLEET,
    }
}

/// The item of this name in a register.
#[must_use]
pub fn item(register: Register, name: &str) -> Option<&'static RegisterItem> {
    items(register).iter().find(|item| item.name == name)
}
