//! Which registers there are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The registers of HJ 1321-2023, and the fleets that its ledger names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// 企业基本信息.
    Enterprise,
    /// 出入口.
    Entrance,
    /// 道闸.
    Barrier,
    /// 视频监控设备.
    Camera,
    /// 进出厂运输车辆.
    Vehicle,
    /// 厂内运输车辆.
    InPlantVehicle,
    /// 非道路移动机械.
    Machine,
    /// 车队.
    Fleet,
}

impl Register {
    /// Every register, in the order in which they are filled in.
    pub const ALL: [Self; 8] = [
        Self::Enterprise,
        Self::Entrance,
        Self::Barrier,
        Self::Camera,
        Self::Vehicle,
        Self::InPlantVehicle,
        Self::Machine,
        Self::Fleet,
    ];

    /// The name in files, messages and settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Entrance => "entrance",
            Self::Barrier => "barrier",
            Self::Camera => "camera",
            Self::Vehicle => "vehicle",
            Self::InPlantVehicle => "in_plant_vehicle",
            Self::Machine => "machine",
            Self::Fleet => "fleet",
        }
    }
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A name that is not a register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a register; these are: enterprise entrance barrier camera vehicle in_plant_vehicle machine fleet"
)]
pub struct UnknownRegister(String);

impl FromStr for Register {
    type Err = UnknownRegister;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|register| register.as_str() == name)
            .ok_or_else(|| UnknownRegister(name.to_owned()))
    }
}
