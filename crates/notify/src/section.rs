//! `[[notify]]`, read and shown.

use alarm::CauseKind;
use plate::PlateNumber;
use settings::{Printer, Section};
use words::{Key, Said};

use crate::QuietHours;
use crate::settings::{ChannelSettings, EmailSettings, EmailTls, HttpSettings, ReceiverSettings};

const TLS: [(&str, EmailTls); 3] = [
    ("always", EmailTls::Always),
    ("starttls", EmailTls::StartTls),
    ("off", EmailTls::Off),
];

#[derive(Clone, Copy, PartialEq)]
enum By {
    Webhook,
    Wecom,
    Dingtalk,
    Email,
}

const BY: [(&str, By); 4] = [
    ("webhook", By::Webhook),
    ("wecom", By::Wecom),
    ("dingtalk", By::Dingtalk),
    ("email", By::Email),
];

impl ReceiverSettings {
    /// Reads one table; none when it can't be used, which is noted.
    #[must_use]
    pub fn read(section: &Section) -> Option<Self> {
        let by = section.one_of("by", &BY, By::Webhook);
        let name = section.name("name", "duty-phone");
        let channel = match by {
            By::Webhook => http(section).map(ChannelSettings::Webhook),
            By::Wecom => http(section).map(ChannelSettings::Wecom),
            By::Dingtalk => http(section).map(ChannelSettings::Dingtalk),
            By::Email => Some(ChannelSettings::Email(EmailSettings::read(section))),
        };
        let is_program = by == By::Webhook;
        let plates = texts(section, "plates", "[\"苏A12345\"]");
        Some(Self {
            name,
            alarms: kinds(section, "alarms"),
            plates: plates.iter().map(|p| PlateNumber::normalise(p)).collect(),
            passages: section.flag("passages", is_program),
            picture: section.flag("picture", !is_program),
            quiet: quiet(section),
            loud: kinds(section, "loud"),
            channel: channel?,
        })
    }

    /// Shows what is read.
    pub fn show(&self, printer: &mut Printer) {
        let by = match &self.channel {
            ChannelSettings::Webhook(_) => By::Webhook,
            ChannelSettings::Wecom(_) => By::Wecom,
            ChannelSettings::Dingtalk(_) => By::Dingtalk,
            ChannelSettings::Email(_) => By::Email,
        };
        printer.word("by", &BY, &by);
        printer.value("name", self.name.as_str());
        match &self.channel {
            ChannelSettings::Webhook(http)
            | ChannelSettings::Wecom(http)
            | ChannelSettings::Dingtalk(http) => {
                printer.secret("url", &http.url);
                printer.secret("secret", &http.secret);
                printer.maybe_path("ca_file", http.ca_file.as_deref());
            }
            ChannelSettings::Email(email) => email.show(printer),
        }
        let codes = |kinds: &[CauseKind]| -> Vec<String> {
            kinds.iter().map(CauseKind::to_string).collect()
        };
        printer.value("alarms", codes(&self.alarms));
        let plates = self.plates.iter().map(PlateNumber::to_string);
        printer.value("plates", plates.collect::<Vec<_>>());
        printer.value("passages", self.passages);
        printer.value("picture", self.picture);
        printer.maybe("quiet", self.quiet.map(|quiet| quiet.text()));
        printer.value("loud", codes(&self.loud));
    }
}

impl EmailSettings {
    fn read(section: &Section) -> Self {
        let tls = section.one_of("tls", &TLS, EmailTls::Always);
        let port = match tls {
            EmailTls::Always => 465,
            EmailTls::StartTls => 587,
            EmailTls::Off => 25,
        };
        let to = texts(section, "to", "[\"duty@example.com\"]");
        if to.is_empty() {
            let said = Said::with(Key::MistakeRequired, "key", "to");
            section.problem("to", said.and("example", "[\"duty@example.com\"]"));
        }
        Self {
            host: section.required("host", "smtp.example.com"),
            port: section.integer("port", port, 1..=u16::MAX.into()) as u16,
            tls,
            user: section.text_or("user", ""),
            password: section.secret("password").unwrap_or_default(),
            from: section.required("from", "gate@example.com"),
            to,
        }
    }

    fn show(&self, printer: &mut Printer) {
        printer.value("host", self.host.as_str());
        printer.value("port", u32::from(self.port));
        printer.word("tls", &TLS, &self.tls);
        printer.value("user", self.user.as_str());
        printer.secret("password", &self.password);
        printer.value("from", self.from.as_str());
        printer.value("to", self.to.clone());
    }
}

fn http(section: &Section) -> Option<HttpSettings> {
    let url = section.secret("url");
    let told = section.has("url_file") || section.has("url_env");
    match &url {
        None if told => {}
        None => {
            let said = Said::with(Key::MistakeRequired, "key", "url_file");
            section.problem("url_file", said.and("example", "secrets/robot-url"));
        }
        Some(url) => {
            let url = url.expose().trim();
            let is_http = url.starts_with("https://") || url.starts_with("http://");
            if !is_http || url.parse::<url::Url>().is_err() {
                section.problem("url_file", Key::NotifyUrl);
            }
        }
    }
    Some(HttpSettings {
        secret: section.secret("secret").unwrap_or_default(),
        ca_file: section.path("ca_file"),
        url: url?,
    })
}

fn texts(section: &Section, key: &str, shape: &str) -> Vec<String> {
    section.typed(key, shape).unwrap_or_default()
}

fn kinds(section: &Section, key: &str) -> Vec<CauseKind> {
    let mut kinds = Vec::new();
    for code in texts(section, key, "[\"denied_passed\", \"camera_down\"]") {
        match code.parse() {
            Ok(kind) => kinds.push(kind),
            Err(_) => {
                let all: Vec<_> = CauseKind::ALL.iter().map(|kind| kind.as_str()).collect();
                let said = Said::with(Key::NotifyKind, "code", code);
                section.problem(key, said.and("known", all.join(" ")));
            }
        }
    }
    kinds
}

fn quiet(section: &Section) -> Option<QuietHours> {
    let text = section.text("quiet").filter(|text| !text.is_empty())?;
    let hours = QuietHours::parse(&text);
    if hours.is_none() {
        section.problem("quiet", Said::with(Key::NotifyQuiet, "text", text));
    }
    hours
}
