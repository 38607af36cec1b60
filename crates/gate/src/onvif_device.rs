//! Where a camera is that is asked by ONVIF, and as whom: read and shown.

use onvif::{Account, DeviceAddress};
use settings::{Printer, Section};
use words::Key;

/// The camera and the account; what is wrong is noted in the section.
pub(crate) fn read(section: &Section) -> Option<(DeviceAddress, Option<Account>)> {
    let typed = section.required("address", "192.168.1.64");
    let address = DeviceAddress::parse(&typed);
    let address = address.map_err(|error| {
        if !typed.is_empty() {
            section.problem("address", error.said());
        }
    });
    let user = section.text("user");
    let password = section.secret("password");
    if password.is_some() && user.is_none() {
        section.problem("user", Key::MistakeUserForPassword);
    }
    let account = user.map(|user| Account {
        user,
        password: password.unwrap_or_default(),
    });
    Some((address.ok()?, account))
}

pub(crate) fn show(printer: &mut Printer, account: Option<&Account>) {
    if let Some(account) = account {
        printer.value("user", account.user.as_str());
        printer.secret("password", &account.password);
    }
}
