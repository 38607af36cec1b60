//! That somebody is who they say: by a password or by the code, and guesses have to wait and are set down.

use std::time::Instant;

use axum::http::StatusCode;
use jiff::Timestamp;
use words::{Key, Said};

use super::Visit;
use super::sessions::BY_CODE;
use crate::book::Entry;
use crate::desk::Desk;
use crate::people::Account;
use crate::refusal::Refusal;

async fn begin(desk: &Desk, visit: &Visit, name: &str) -> Result<(), Refusal> {
    let begun = desk.throttle.begin(name, visit.address, Instant::now());
    let Err(held_off) = begun else {
        return Ok(());
    };
    if held_off.is_news {
        let (address, name) = (visit.address, short(name));
        desk.book(move |book| book.log(entry(&name, "held_off", address)))
            .await?;
    }
    let seconds = held_off.wait.as_secs() + 1;
    let said = Said::with(Key::WebWait, "seconds", seconds);
    Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "wait", said).after(held_off.wait))
}

/// A name as the log holds it: accounts have no longer ones.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

/// The account that somebody proves to be theirs by its password; guesses have to wait, and those that are
/// wrong are set down.
pub(crate) async fn proves(
    desk: &Desk,
    visit: &Visit,
    name: &str,
    password: String,
) -> Result<Account, Refusal> {
    begin(desk, visit, name).await?;
    let account = right_password(desk, visit, name, password).await?;
    desk.throttle.right(name, visit.address);
    Ok(account)
}

pub(super) async fn by_code(desk: &Desk, visit: &Visit, code: &str) -> Result<(), Refusal> {
    begin(desk, visit, BY_CODE).await?;
    if !desk.book(|book| book.is_new()).await? || !desk.code.take(code) {
        return Err(refused(desk, visit, BY_CODE.to_owned(), Key::WebCodeWrong).await?);
    }
    desk.throttle.right(BY_CODE, visit.address);
    Ok(())
}

/// The account, when this is its password and it holds today.
async fn right_password(
    desk: &Desk,
    visit: &Visit,
    name: &str,
    password: String,
) -> Result<Account, Refusal> {
    let wanted = name.to_owned();
    let known = desk.book(move |book| book.account(&wanted)).await?;
    let kept = known.as_ref().map(|account| account.password.clone());
    let is_right = desk.passwords.is(password, kept).await?;
    let today = Timestamp::now().to_zoned(desk.site.zone.clone()).date();
    // Whoever knows the password is told when it ended; nobody else learns that there is such an account.
    let ended = known
        .as_ref()
        .filter(|account| is_right && !account.disabled);
    let ended = ended
        .and_then(|account| account.ends_on)
        .filter(|last| today > *last);
    if let Some(day) = ended {
        let why = Said::with(Key::WebAccountEnded, "day", day);
        return Err(refused(desk, visit, name.to_owned(), why).await?);
    }
    match known.filter(|account| is_right && account.holds_on(today)) {
        Some(account) => Ok(account),
        None => Err(refused(desk, visit, name.to_owned(), Key::WebWrong).await?),
    }
}

async fn refused(
    desk: &Desk,
    visit: &Visit,
    name: String,
    why: impl Into<Said>,
) -> Result<Refusal, Refusal> {
    let address = visit.address;
    let name = short(&name);
    desk.book(move |book| book.log(entry(&name, "refused", address)))
        .await?;
    Ok(Refusal::new(StatusCode::UNAUTHORIZED, "wrong", why))
}

pub(super) fn entry<'a>(who: &'a str, what: &'static str, address: std::net::IpAddr) -> Entry<'a> {
    Entry {
        who,
        what,
        about: "",
        detail: "",
        address,
    }
}
