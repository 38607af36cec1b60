//! Everything in an adapter file that reads well and cannot work.

mod operations;

use super::{
    Adapter, Canonical, CorrectionHow, PhotoForm, PhotoPlace, Place, Shape, SignKind, TokenPlace,
};
use words::{Key, Said};

use crate::settings::BadSetting;
use operations::unknown_item;

/// The names that a serial number's template may hold.
pub(crate) const SERIAL_NAMES: [&str; 6] = [
    "key",
    "enterprise_code",
    "entrance",
    "gate",
    "direction",
    "time",
];

struct Findings(Vec<BadSetting>);

impl Findings {
    fn check(&mut self, fine: bool, key: impl Into<String>, why: impl Into<Said>) {
        if !fine {
            self.0.push(BadSetting::new(key, why));
        }
    }
}

impl Adapter {
    /// Everything that cannot work, with its key.
    pub(super) fn problems(&self) -> Vec<BadSetting> {
        let mut found = Findings(Vec::new());
        self.check_answers(&mut found);
        self.check_login(&mut found);
        self.check_signing(&mut found);
        self.check_serial(&mut found);
        self.check_photos(&mut found);
        self.check_correction(&mut found);
        self.check_formats(&mut found);
        self.check_envelope(&mut found);
        for (name, operation) in self.operations() {
            self.check_operation(&name, operation, &mut found);
        }
        for (kind, list) in self.downlink.all() {
            let name = format!("downlink.{}", kind.as_str());
            self.check_operation(&format!("{name}.ask"), &list.ask, &mut found);
            for (item, field) in &list.fields {
                let key = format!("{name}.fields.{item}");
                found.check(super::item(item).is_some(), &key, unknown_item(item));
                self.check_codes(&key, field, &mut found);
            }
            found.check(
                !list.every.is_zero(),
                format!("{name}.every"),
                Key::MistakeNotAboveZero,
            );
        }
        for (name, map) in &self.codes {
            found.check(
                !map.contains_key("unknown"),
                format!("codes.{name}.unknown"),
                Key::MistakeUnknownCode,
            );
        }
        if let Some(rate) = self.limits.requests_per_second {
            let fine = rate.is_finite() && rate > 0.0;
            found.check(fine, "limits.requests_per_second", Key::MistakeNotAboveZero);
        }
        found.0
    }

    fn check_answers(&self, found: &mut Findings) {
        let a = &self.answer;
        found.check(!a.code.is_empty(), "answer.code", Key::MistakeWhereCode);
        found.check(
            !a.success.is_empty(),
            "answer.success",
            Key::MistakeSuccessCode,
        );
        let repeats = self.passage.carries("throughId");
        found.check(
            !repeats || a.through_id.is_some(),
            "answer.through_id",
            Key::MistakeWhereVisit,
        );
        let lists = [
            ("success", &a.success),
            ("already_there", &a.already_there),
            ("data_error", &a.data_error),
            ("token_error", &a.token_error),
            ("busy", &a.busy),
        ];
        for (n, (name, list)) in lists.iter().enumerate() {
            for (other, codes) in &lists[..n] {
                for code in codes.iter().filter(|c| list.contains(c)) {
                    let why = Said::with(Key::MistakeCodeTwice, "code", code).and("other", other);
                    found.check(false, format!("answer.{name}"), why);
                }
            }
        }
    }

    fn check_login(&self, found: &mut Findings) {
        let Some(login) = &self.login else {
            return;
        };
        let required = [
            ("user_field", &login.user_field),
            ("password_field", &login.password_field),
            ("token_at", &login.token_at),
        ];
        for (key, value) in required {
            found.check(
                !value.is_empty(),
                format!("login.{key}"),
                Key::MistakeMissing,
            );
        }
        found.check(
            !login.token_life.is_zero(),
            "login.token_life",
            Key::MistakeNotAboveZero,
        );
        if let TokenPlace::Header(name) = &login.send {
            let fine = reqwest::header::HeaderName::try_from(name).is_ok();
            found.check(fine, "login.send.header", Key::MistakeHttpHeader);
        }
    }

    fn check_signing(&self, found: &mut Findings) {
        let s = &self.signing;
        if s.kind == SignKind::None {
            return;
        }
        found.check(
            s.sign_in.is_some(),
            "signing.sign_in",
            Said::with(
                Key::MistakeSignIn,
                "shape",
                "{ header = \"sign\" } / { field = \"sign\" }",
            ),
        );
        let in_body = |p: &Option<Place>| matches!(p, Some(Place::Field(_)));
        if s.canonical != Canonical::SortedPairs {
            let why = Key::MistakeSignInBody;
            found.check(!in_body(&s.sign_in), "signing.sign_in", why);
        }
        if s.canonical == Canonical::BodyTimestampNonce {
            found.check(
                s.timestamp_in.is_some(),
                "signing.timestamp_in",
                required_by("body_timestamp_nonce"),
            );
            found.check(
                s.nonce_in.is_some(),
                "signing.nonce_in",
                required_by("body_timestamp_nonce"),
            );
        }
        let places = [
            ("sign_in", &s.sign_in),
            ("timestamp_in", &s.timestamp_in),
            ("nonce_in", &s.nonce_in),
        ];
        for (key, place) in places {
            if let Some(Place::Header(name)) = place {
                let fine = reqwest::header::HeaderName::try_from(name).is_ok();
                found.check(
                    fine,
                    format!("signing.{key}.header"),
                    Key::MistakeHttpHeader,
                );
            }
        }
    }

    fn check_serial(&self, found: &mut Findings) {
        let key = "serial.template";
        let names = match names_in(&self.serial.template) {
            Ok(names) => names,
            Err(why) => return found.check(false, key, why),
        };
        for name in &names {
            let fine = SERIAL_NAMES.contains(&name.as_str());
            let why = Said::with(Key::MistakeUnknownName, "name", format!("{{{name}}}"));
            found.check(fine, key, why.and("known", SERIAL_NAMES.join(", ")));
        }
        let distinct = names.iter().any(|n| n == "key" || n == "time");
        found.check(
            distinct,
            key,
            Said::with(Key::MistakeSameNumbers, "key", "{key}").and("time", "{time}"),
        );
        if names.iter().any(|n| n == "direction") {
            let map = self.codes.get("serial_direction");
            let fine = map.is_some_and(|m| m.contains_key("in") && m.contains_key("out"));
            found.check(
                fine,
                "codes.serial_direction",
                required_by("{direction}: in = \"A\", out = \"B\""),
            );
        }
        found.check(
            (8..=200).contains(&self.serial.max_chars),
            "serial.max_chars",
            Said::with(Key::MistakeRange, "low", 8).and("high", 200),
        );
    }

    fn check_photos(&self, found: &mut Findings) {
        let after = self.photos.place == PhotoPlace::After;
        found.check(
            after == self.photo.is_some(),
            "photo",
            exactly_when("photos.place = \"after\""),
        );
        if after {
            let fine = !matches!(self.photos.form, PhotoForm::Url);
            found.check(fine, "photos.form", Key::MistakePhotoInRecord);
            if let Some(photo) = &self.photo {
                found.check(photo.carries("photo"), "photo.fields", must_carry("photo"));
                found.check(
                    photo.carries("serialNo"),
                    "photo.fields",
                    must_carry("serialNo"),
                );
            }
        }
    }

    fn check_correction(&self, found: &mut Findings) {
        let c = &self.correction;
        let endpoint = c.how == CorrectionHow::Endpoint;
        found.check(
            endpoint == c.send.is_some(),
            "correction.send",
            exactly_when("correction.how = \"endpoint\""),
        );
        let field = c.how == CorrectionHow::RevisionField;
        found.check(
            field == c.revision_field.is_some(),
            "correction.revision_field",
            exactly_when("correction.how = \"revision_field\""),
        );
        found.check(
            self.passage.carries("serialNo"),
            "passage.fields",
            Key::MistakeSerialKnown,
        );
    }

    fn check_envelope(&self, found: &mut Findings) {
        for (name, template) in &self.envelope.fields {
            if let Err(why) = names_in(template) {
                found.check(false, format!("envelope.fields.{name}"), why);
            }
        }
        let lists = self.operations().into_iter().filter(|(_, operation)| {
            operation.value_as.unwrap_or(self.envelope.value_as) == Shape::List
        });
        for (name, _) in lists.filter(|_| self.envelope.value_in.is_none()) {
            found.check(false, format!("{name}.value_as"), Key::MistakeListField);
        }
        let confirm = self.downlink.confirm.as_ref();
        let fine = confirm.is_none_or(|operation| operation.carries("strategyId"));
        let why = must_carry("strategyId");
        found.check(fine, "downlink.confirm.fields", why);
        let review = self.downlink.review.as_ref();
        let fine = review.is_none_or(|operation| operation.carries("result"));
        found.check(fine, "downlink.review.fields", must_carry("result"));
    }

    fn check_formats(&self, found: &mut Findings) {
        for (key, format) in [
            ("envelope.time_format", &self.envelope.time_format),
            ("serial.time", &self.serial.time),
        ] {
            found.check(
                is_format(format),
                key,
                date_format(format, "%Y-%m-%d %H:%M:%S"),
            );
        }
        let day = &self.envelope.day_format;
        found.check(
            is_day_format(day),
            "envelope.day_format",
            Said::with(Key::MistakeDayFormat, "format", day),
        );
    }
}

fn required_by(by: &str) -> Said {
    Said::with(Key::MistakeRequiredBy, "by", by)
}

fn exactly_when(when: &str) -> Said {
    Said::with(Key::MistakeExactlyWhen, "when", when)
}

fn must_carry(item: &str) -> Said {
    Said::with(Key::MistakeMustCarry, "item", item)
}

fn date_format(format: &str, example: &str) -> Said {
    Said::with(Key::MistakeDateFormat, "format", format).and("example", example)
}

fn is_format(format: &str) -> bool {
    let at = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    !format.is_empty() && jiff::fmt::strtime::format(format, &at).is_ok()
}

/// A day has no hours.
fn is_day_format(format: &str) -> bool {
    !format.is_empty() && jiff::fmt::strtime::format(format, jiff::civil::Date::ZERO).is_ok()
}

/// The names in braces of a template.
pub(crate) fn names_in(template: &str) -> Result<Vec<String>, Key> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let after = &rest[open + 1..];
        let close = after.find('}').ok_or(Key::MistakeOpenBrace)?;
        names.push(after[..close].to_owned());
        rest = &after[close + 1..];
    }
    Ok(names)
}
