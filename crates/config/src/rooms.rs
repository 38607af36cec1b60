//! The list of rooms.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use camera::Watching;
use controller::{DetectionRate, LaneSetup, ScaleSetup};
use housekeeping::{BackupPlan, RetentionPlan, Standing, backup_standing, disk_standing};
use jiff::Timestamp;
use notify::ReceiverSettings;
use orders::weighing::Intake;
use policy::RulebookSettings;
use sentry::AlarmSettings;
use settings::{Printer, Section};
use status::StatusPages;
use sync::SitePlatform;
use words::{Key, Language, Said};

use crate::installed;
use crate::site::{self, SiteIdentity};
use crate::weighbridge;

const LANGUAGES: [(&str, Language); 2] = [("zh", Language::Zh), ("en", Language::En)];

/// Everything Menjin needs to know about a site.
#[derive(Debug, Clone)]
pub struct Config {
    /// That of everything a person reads.
    pub language: Language,
    /// What belongs to the site as a whole.
    pub site: SiteIdentity,
    /// Ledger and photos.
    pub data_folder: PathBuf,
    /// Each day's anchor of the ledger's chain is added here; best not on this computer.
    pub anchors_file: Option<PathBuf>,
    /// Each day's and each month's report is kept here as a workbook.
    pub reports_folder: Option<PathBuf>,
    /// Backups that the daemon makes by itself.
    pub backup: Option<BackupPlan>,
    /// How long photos stay.
    pub retention: RetentionPlan,
    /// Where and how long video is kept.
    pub recorder: Option<recorder::VideoPlan>,
    /// The networks, with their manifest.
    pub models_folder: PathBuf,
    /// The ONNX Runtime library; usual places are searched without it.
    pub onnxruntime: Option<PathBuf>,
    /// Where `/healthz` and `/metrics` are served.
    pub status_pages: StatusPages,
    /// Where people see the gate in a browser.
    pub console: Option<console::ConsoleSettings>,
    /// How key photos are made.
    pub photos: photo::PhotoSettings,
    /// How often lanes are looked at.
    pub detection: DetectionRate,
    /// When a camera is no longer believed.
    pub watching: Watching,
    /// Who may pass.
    pub gate: RulebookSettings,
    /// When something is an alarm.
    pub alarms: AlarmSettings,
    /// The lanes.
    pub lanes: Vec<LaneSetup>,
    /// Regulators' platforms.
    pub platforms: Vec<SitePlatform>,
    /// The broker that is told of passages.
    pub mqtt: Option<sync::MqttSettings>,
    /// Who is told of alarms and passages.
    pub receivers: Vec<ReceiverSettings>,
    /// Where the weighing software hands over its records.
    pub weighbridge: Option<Intake>,
    /// Indicators that are read over a serial line.
    pub scales: Vec<ScaleSetup>,
    /// A smaller difference between the weighings of entry and exit is no load, kilograms.
    pub least_load_kg: u32,
    /// What the registers' validators go by, but for the day.
    pub registers: records::Rules,
    /// How long after its decision a passage is uploaded that has not finished.
    pub upload_unfinished_after: Duration,
}

impl Config {
    /// Reads all of it. Where a mistake is noted the value is of no use: the caller gives up.
    pub(crate) fn read(root: &Section) -> Self {
        let language = root.one_of("language", &LANGUAGES, Language::Zh);
        let site = root.table("site", SiteIdentity::read);
        let (data_folder, anchors_file) = root.table("storage", |storage| {
            let folder = storage.text_or("folder", "data");
            (storage.below_folder(folder), storage.path("anchors_file"))
        });
        let (models_folder, onnxruntime) = root.table("models", |models| {
            let folder = models.path("folder");
            let folder = folder
                .unwrap_or_else(|| installed::usual_models(&models.below_folder("../models")));
            (folder, models.path("onnxruntime"))
        });
        let lanes = read_lanes(root);
        let gate = root.table("gate", |gate| read_gate(gate, &lanes, &site));
        let platforms = read_platforms(root, &site);
        let (weighbridge, scales, least_load_kg) = root.table("weighbridge", |section| {
            weighbridge::read(section, &lanes, &site.zone)
        });
        Self {
            language,
            data_folder,
            anchors_file,
            reports_folder: root.table("reports", |reports| reports.path("folder")),
            backup: root.unless_empty("backup", |backup| Some(BackupPlan::read(backup))),
            retention: root.table("retention", RetentionPlan::read),
            recorder: root.optional("recorder", |section| {
                Some(recorder::VideoPlan::read(section).with_quotas(quotas(&lanes)))
            }),
            models_folder,
            onnxruntime,
            status_pages: root.table("status", StatusPages::read),
            console: root.optional("console", |section| {
                Some(console::ConsoleSettings::read(section))
            }),
            photos: root.table("photos", photo::PhotoSettings::read),
            detection: root.table("detection", DetectionRate::read),
            watching: root.table("watching", Watching::read),
            alarms: root.table("alarms", |alarms| {
                let names: Vec<&str> = lanes.iter().map(|lane| lane.name.as_str()).collect();
                AlarmSettings::read(alarms, gate.stale_after_hours, &names)
            }),
            gate,
            lanes,
            platforms,
            mqtt: root.optional("mqtt", |mqtt| {
                Some(sync::MqttSettings::read(mqtt, &site.code))
            }),
            receivers: read_receivers(root),
            weighbridge,
            scales,
            least_load_kg,
            registers: root.table("registers", records::Rules::read),
            upload_unfinished_after: root.table("upload", site::unfinished_after),
            site,
        }
    }

    /// The configuration in force, defaults included and without secrets, as a configuration that
    /// loads to the same again.
    pub fn effective(&self) -> String {
        let mut printer = Printer::default();
        printer.word("language", &LANGUAGES, &self.language);
        printer.table("site", |p| self.site.show(p));
        printer.table("storage", |p| {
            p.path("folder", &self.data_folder);
            p.maybe_path("anchors_file", self.anchors_file.as_deref());
        });
        printer.table("retention", |p| self.retention.show(p));
        if let Some(backup) = &self.backup {
            printer.table("backup", |p| backup.show(p));
        }
        if let Some(recorder) = &self.recorder {
            printer.table("recorder", |p| recorder.show(p));
        }
        if let Some(folder) = &self.reports_folder {
            printer.table("reports", |p| p.path("folder", folder));
        }
        printer.table("models", |p| {
            p.path("folder", &self.models_folder);
            p.maybe_path("onnxruntime", self.onnxruntime.as_deref());
        });
        printer.table("status", |p| {
            self.status_pages.show(p);
        });
        if let Some(console) = &self.console {
            printer.table("console", |p| console.show(p));
        }
        printer.table("photos", |p| self.photos.show(p));
        printer.table("detection", |p| self.detection.show(p));
        printer.table("watching", |p| self.watching.show(p));
        printer.table("gate", |p| self.gate.show(p));
        printer.table("alarms", |p| self.alarms.show(p));
        printer.table("upload", |p| {
            p.length("unfinished_after", self.upload_unfinished_after);
        });
        for lane in &self.lanes {
            printer.one_of_tables("lane", |p| lane.show(p));
        }
        for platform in &self.platforms {
            printer.one_of_tables("platform", |p| platform.show(p));
        }
        if let Some(mqtt) = &self.mqtt {
            printer.table("mqtt", |p| mqtt.show(p));
        }
        for receiver in &self.receivers {
            printer.one_of_tables("notify", |p| receiver.show(p));
        }
        weighbridge::show(self, &mut printer);
        printer.table("registers", |p| self.registers.show(p));
        printer.into_text()
    }
}

impl Config {
    /// Where the lanes are.
    pub fn places(&self) -> Vec<passage::LanePlace> {
        self.lanes.iter().map(LaneSetup::place).collect()
    }

    /// How the backups stand that are planned, a store elsewhere only where `online`; nothing to say when none
    /// are.
    pub fn backup_standing(&self, now: Timestamp, online: bool) -> Standing {
        let plan = self.backup.as_ref();
        let (data, zone) = (&self.data_folder, &self.site.zone);
        plan.map_or_else(Standing::default, |plan| {
            backup_standing(plan, data, (now, online), self.language, zone)
        })
    }

    /// How the disks of video stand; nothing to say where none is recorded.
    pub fn video_standing(&self, now: Timestamp) -> Standing {
        let Some(plan) = &self.recorder else {
            return Standing::default();
        };
        let recorded = self.lanes.iter().filter(|lane| lane.is_recorded());
        let names: Vec<_> = recorded.map(|lane| lane.name.clone()).collect();
        let findings = recorder::findings(plan, &names, &self.data_folder, now);
        let texts = |all: Vec<Said>| all.iter().map(|said| said.text(self.language)).collect();
        Standing {
            fine: texts(findings.fine),
            wrong: texts(findings.wrong),
        }
    }

    /// How the ledger's disk stands.
    pub fn disk_standing(&self, now: Timestamp) -> Standing {
        let (data, zone) = (&self.data_folder, &self.site.zone);
        disk_standing(&self.retention, data, now, self.language, zone)
    }
}

fn read_lanes(root: &Section) -> Vec<LaneSetup> {
    let mut names = BTreeSet::new();
    let lanes = root.tables("lane", |section| {
        let lane = LaneSetup::read(section);
        distinct(section, &mut names, section.text("name"));
        lane
    });
    // A new site has a page before it has a lane: there the first one is added.
    if !root.has("lane") && !root.has("console") {
        root.problem("lane", Key::MistakeNoLaneAtAll);
    }
    lanes
}

/// The most that lanes' video may take.
fn quotas(lanes: &[LaneSetup]) -> BTreeMap<String, u64> {
    let quota = |lane: &LaneSetup| Some((lane.name.clone(), lane.record.quota_bytes?));
    lanes.iter().filter_map(quota).collect()
}

/// Defaults for a lane that is not there are a slip of the pen, and would hold nowhere.
fn read_gate(section: &Section, lanes: &[LaneSetup], site: &SiteIdentity) -> RulebookSettings {
    let gate = RulebookSettings::read(section, &site.zone);
    let is_there = |name: &str| lanes.iter().any(|lane| lane.name == name);
    for name in gate.lanes.keys().filter(|name| !is_there(name)) {
        section.problem("lane", Said::with(Key::MistakeNoSuchLane, "name", name));
    }
    gate
}

fn read_platforms(root: &Section, site: &SiteIdentity) -> Vec<SitePlatform> {
    let mut names = BTreeSet::new();
    let site = site.as_platform();
    root.tables("platform", |section| {
        distinct(
            section,
            &mut names,
            Some(section.text_or("name", &site.name)),
        );
        SitePlatform::read(section, &site)
    })
}

fn read_receivers(root: &Section) -> Vec<ReceiverSettings> {
    let mut names = BTreeSet::new();
    root.tables("notify", |section| {
        distinct(section, &mut names, section.text("name"));
        ReceiverSettings::read(section)
    })
}

/// Notes a mistake when the name is in use already.
fn distinct(section: &Section, names: &mut BTreeSet<String>, name: Option<String>) {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return;
    };
    if names.contains(&name) {
        section.problem("name", Said::with(Key::MistakeUsedTwice, "name", &name));
    }
    names.insert(name);
}
