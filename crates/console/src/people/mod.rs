//! Who may use the console: accounts with roles, and what each role may do.

mod accounts;
mod log;
mod pages;
mod password;
mod programs;
mod tokens;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use accounts::{Account, Changed, account, is_new};
pub(crate) use pages::routes;
pub(crate) use password::{Passwords, fit, fit_name};

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Watches the gate and corrects.
    Guard,
    /// Also manages people and takes tables away.
    Manager,
    /// Everything.
    Installer,
    /// Reads everything, draws and says what agrees, and changes nothing else, until a day.
    Inspector,
}

impl Role {
    pub(crate) const ALL: [Self; 4] =
        [Self::Guard, Self::Manager, Self::Installer, Self::Inspector];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Guard => "guard",
            Self::Manager => "manager",
            Self::Installer => "installer",
            Self::Inspector => "inspector",
        }
    }

    /// The role stored under this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}
