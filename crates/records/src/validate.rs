//! Is a whole record plausible, and what does it lack?

use jiff::civil::{Date, date};
use passage::Register;
use plate::{Color, PlateNumber, PlateProblem};
use serde_json::Value;
use words::{Key, Said};

use crate::{Finding, Need, RegisterItem, Rules, Severity, ValueKind, Values, parse};

/// Everything worth saying about a record, in the order of its items. A record without a finding
/// of [`Severity::Wrong`] or [`Severity::Missing`] may be approved.
#[must_use]
pub fn validate(register: Register, values: &Values, rules: &Rules) -> Vec<Finding> {
    let mut found = Vec::new();
    for item in crate::items(register) {
        let text = match values.get(item.name) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        };
        match parse(register, item, &text, rules) {
            Err(said) => found.push(Finding::new(Severity::Wrong, item, said)),
            Ok(Value::Null) if rules.need(register, item) < Need::Wanted => {
                let said = Said::plain(Key::FindingMissing);
                found.push(Finding::new(Severity::Missing, item, said));
            }
            Ok(_) => {}
        }
    }
    let record = Record {
        register,
        values,
        found,
    };
    record.judged(rules)
}

/// Known items of all items: valid ones, and how many there are. Rates are built from these.
#[must_use]
pub fn completeness(register: Register, values: &Values, rules: &Rules) -> (usize, usize) {
    let items = crate::items(register);
    let valid = items.iter().filter(|item| {
        let text = match values.get(item.name) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => return false,
            Some(other) => other.to_string(),
        };
        parse(register, item, &text, rules).is_ok_and(|value| !value.is_null())
    });
    (valid.count(), items.len())
}

struct Record<'a> {
    register: Register,
    values: &'a Values,
    found: Vec<Finding>,
}

impl Record<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)?
            .as_str()
            .filter(|text| !text.is_empty())
    }

    fn date(&self, name: &str) -> Option<Date> {
        self.text(name)?.parse().ok()
    }

    fn say(&mut self, severity: Severity, name: &str, said: Said) {
        if let Some(item) = crate::item(self.register, name) {
            self.found.push(Finding::new(severity, item, said));
        }
    }

    fn judged(mut self, rules: &Rules) -> Vec<Finding> {
        self.dates(rules);
        self.vin_check();
        self.fuel_and_emission();
        match self.register {
            Register::Vehicle => {
                self.plate_and_color();
                self.one_of("drivingLicensePhoto", "vehicleListPhoto");
            }
            Register::InPlantVehicle => self.one_of("envCode", "plateNo"),
            _ => {}
        }
        let place = |item: &RegisterItem| {
            crate::items(self.register)
                .iter()
                .position(|i| i.name == item.name)
        };
        self.found.sort_by_key(|finding| place(finding.item));
        self.found
    }

    fn dates(&mut self, rules: &Rules) {
        let days = crate::items(self.register).iter();
        for item in days.filter(|item| matches!(item.kind, ValueKind::Date)) {
            if self.date(item.name).is_some_and(|day| day > rules.today) {
                let said = Said::with(Key::FindingDateFuture, "today", rules.today);
                self.say(Severity::Wrong, item.name, said);
            }
        }
        let (made, registered) = (self.date("productionDate"), self.date("registerDate"));
        if let (Some(made), Some(registered)) = (made, registered)
            && registered < made
        {
            let said = Said::with(Key::FindingDatesOrder, "made", made);
            self.say(Severity::Wrong, "registerDate", said);
        }
        if let (Some(day), Some(stage)) = (registered, self.text("emissionStandard"))
            && let Some(first) = stage_published(stage)
            && day < first
        {
            let said = Said::with(Key::FindingDateBeforeStage, "published", first);
            self.say(Severity::Warning, "registerDate", said);
        }
    }

    fn vin_check(&mut self) {
        let is_vin = |item: &RegisterItem| matches!(item.kind, ValueKind::Vin);
        let wrong = crate::item(self.register, "vin")
            .filter(|item| is_vin(item))
            .and_then(|_| self.text("vin"))
            .is_some_and(|vin| vin_check_digit(vin) == Some(false));
        if wrong {
            self.say(Severity::Warning, "vin", Said::plain(Key::FindingVinCheck));
        }
    }

    fn fuel_and_emission(&mut self) {
        let (fuel, stage) = (self.text("fuelType"), self.text("emissionStandard"));
        // 电动 as a stage and an engine that burns something exclude each other.
        let burns =
            |fuel: &str| matches!(fuel, "A" | "B" | "D" | "E" | "F" | "L" | "M" | "Q" | "O");
        let wrong = match (fuel, stage) {
            (Some("C"), Some(stage)) => stage != "D",
            (Some(fuel), Some("D")) => burns(fuel),
            _ => false,
        };
        if wrong {
            let said = Said::plain(Key::FindingFuelStage);
            self.say(Severity::Wrong, "emissionStandard", said);
        }
    }

    fn plate_and_color(&mut self) {
        let Some(plate) = self.text("plateNo").map(PlateNumber::normalise) else {
            return;
        };
        let color = self.text("plateColor").and_then(|c| c.parse().ok());
        for problem in plate.problems(color.unwrap_or(Color::Unknown)) {
            let (severity, item) = match problem {
                // Told where the item was parsed.
                PlateProblem::Length(_) => continue,
                PlateProblem::Form => (Severity::Warning, "plateNo"),
                PlateProblem::Color(..) => (Severity::Wrong, "plateColor"),
            };
            self.say(severity, item, problem.into());
        }
        // It would be a plate with 0 for O or 1 for I, which serials do not have.
        if let Some(meant) = plate.perhaps_meant() {
            let said = Said::with(Key::FindingPlatePerhaps, "plate", meant);
            self.say(Severity::Wrong, "plateNo", said);
        }
        let energy_color = color.map(|c| matches!(c, Color::Green | Color::YellowGreen));
        let perhaps_electric = plate.as_str().chars().count() == 8 && !plate.is_emergency();
        let fuel = self.text("fuelType").map(str::to_owned);
        match fuel.as_deref() {
            Some("A" | "B" | "E" | "F" | "L" | "M") if energy_color == Some(true) => {
                self.say(
                    Severity::Wrong,
                    "fuelType",
                    Said::plain(Key::FindingFuelPlate),
                );
            }
            Some("C") if energy_color == Some(false) => {
                self.say(
                    Severity::Warning,
                    "fuelType",
                    Said::plain(Key::FindingElectricPlate),
                );
            }
            None if perhaps_electric => {
                self.say(
                    Severity::Hint,
                    "fuelType",
                    Said::plain(Key::FindingPerhapsElectric),
                );
            }
            _ => {}
        }
    }

    fn one_of(&mut self, first: &str, second: &'static str) {
        if self.text(first).is_none() && self.text(second).is_none() {
            self.say(Severity::Missing, first, Said::plain(Key::FindingOneOf));
        }
    }
}

/// When the standard that defines a stage was published: GB 17691-2001, GB 18352.3-2005,
/// GB 17691-2005, GB 18352.6-2016. An import may have been classed afterwards, so an earlier
/// registration is only worth a look.
fn stage_published(stage: &str) -> Option<Date> {
    match stage {
        "1" | "2" => Some(date(2001, 4, 16)),
        "3" | "4" => Some(date(2005, 4, 15)),
        "5" => Some(date(2005, 5, 30)),
        "6" => Some(date(2016, 12, 23)),
        _ => None,
    }
}

/// GB 16735: whether the 9th character is the check digit of the others; None when it is no VIN.
fn vin_check_digit(vin: &str) -> Option<bool> {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    if vin.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in vin.bytes().zip(WEIGHTS) {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'H' => byte - b'A' + 1,
            b'J'..=b'N' => byte - b'J' + 1,
            b'P' => 7,
            b'R' => 9,
            b'S'..=b'Z' => byte - b'S' + 2,
            _ => return None,
        };
        sum += u32::from(value) * weight;
    }
    let expected = match sum % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).ok()?,
    };
    vin.as_bytes().get(8).map(|found| *found == expected)
}
