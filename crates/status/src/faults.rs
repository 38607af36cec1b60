//! What keeps passages from being recorded, for whoever asks how all is. Uploads that wait are no fault:
//! they are what the outbox is for. Nor is a weighing indicator: passages go on without it.

use words::{Group, Key, Language};

use crate::Status;

/// Something that keeps passages from being recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the camera or lane; empty where it is about all of the site.
    pub name: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// With the technical reason.
    Camera {
        status: camera::CameraStatus,
        detail: String,
    },
    /// The ledger takes nothing from it.
    Lane,
    /// A new site: no lane is set up yet.
    NoLane,
}

impl Status {
    /// What keeps passages from being recorded now: that there is no lane, cameras, then lanes.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        // Without a second stream passages are recorded all the same.
        let seeing = self.cameras().into_iter().filter(|c| c.role != "watch");
        let cameras = seeing.filter_map(|camera| {
            let state = camera.state.borrow();
            state.status.is_fault().then(|| Fault {
                name: camera.name.clone(),
                kind: Kind::Camera {
                    status: state.status,
                    detail: state.reason.clone(),
                },
            })
        });
        let lanes = self.lanes().into_iter();
        let lanes = lanes.filter(|lane| lane.keeping_fails()).map(|lane| Fault {
            name: lane.name.clone(),
            kind: Kind::Lane,
        });
        let none = self.is_laneless().then(|| Fault {
            name: String::new(),
            kind: Kind::NoLane,
        });
        none.into_iter().chain(cameras).chain(lanes).collect()
    }
}

impl Fault {
    /// `camera`, `lane` or `site`.
    #[must_use]
    pub fn of_what(&self) -> &'static str {
        match self.kind {
            Kind::Camera { .. } => "camera",
            Kind::Lane => "lane",
            Kind::NoLane => "site",
        }
    }

    /// Code of the state.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            Kind::Camera { status, .. } => status.code(),
            Kind::Lane => "ledger_refuses",
            Kind::NoLane => "no_lane",
        }
    }

    /// What exactly, for developers, where that is known.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match &self.kind {
            Kind::Camera { detail, .. } => Some(detail),
            Kind::Lane | Kind::NoLane => None,
        }
    }

    /// Why, for a person.
    #[must_use]
    pub fn why(&self, language: Language) -> &str {
        match &self.kind {
            Kind::Camera { status, .. } => language.named(Group::CameraWhy, status.code()),
            Kind::Lane => language.text(Key::StatusLedgerRefuses),
            Kind::NoLane => language.text(Key::StatusNoLane),
        }
    }

    /// What to do.
    #[must_use]
    pub fn next_step(&self, language: Language) -> &str {
        match &self.kind {
            Kind::Camera { status, .. } => language.named(Group::CameraNext, status.code()),
            Kind::Lane => language.text(Key::StatusLedgerRefusesNext),
            Kind::NoLane => language.text(Key::StatusNoLaneNext),
        }
    }
}
