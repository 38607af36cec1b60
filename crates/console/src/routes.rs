//! Every page of the API, and who may use it: one table, and what is not in it nobody may.

use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use axum::{Router, middleware};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::desk::Desk;
use crate::people::Role;
use crate::refusal::Refusal;
use crate::{
    alarms, cameras, events, figures, handovers, inspections, lanes, pages, passages, people,
    plates, records, rules, screens, session, vehicles, video,
};

/// Who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum May {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody who is signed in.
    Read,
    /// The same, to have a picture read.
    Picture,
    /// Whoever works at the gate.
    Work,
    /// Whoever answers for it.
    Manage,
    /// The same, and inspectors.
    TakeAway,
}

/// Method and path of each, as the document of the API writes them.
pub(crate) const TABLE: &[(&str, &str, May)] = &[
    ("GET", "/api/session", May::Anyone),
    ("POST", "/api/session", May::Anyone),
    ("PUT", "/api/session", May::Read),
    ("DELETE", "/api/session", May::Read),
    ("POST", "/api/session/code", May::Anyone),
    ("POST", "/api/setup", May::Anyone),
    ("GET", "/api/words", May::Anyone),
    ("GET", "/api/people", May::Manage),
    ("POST", "/api/people", May::Manage),
    ("PUT", "/api/people/{name}", May::Manage),
    ("GET", "/api/programs", May::Manage),
    ("POST", "/api/programs", May::Manage),
    ("DELETE", "/api/programs/{name}", May::Manage),
    ("GET", "/api/sign-ins", May::Manage),
    ("GET", "/api/lanes", May::Read),
    ("GET", "/api/lanes/{lane}/picture", May::Read),
    ("POST", "/api/lanes/{lane}/read", May::Work),
    ("POST", "/api/read", May::Picture),
    ("GET", "/api/health", May::Read),
    ("GET", "/api/passages", May::Read),
    ("GET", "/api/passages/{id}", May::Read),
    ("GET", "/api/passages/{id}/photos/{photo_id}", May::Read),
    ("GET", "/api/passages/{id}/plate", May::Read),
    ("POST", "/api/passages/{id}/corrections", May::Work),
    ("POST", "/api/passages/paper", May::Work),
    ("GET", "/api/tasks", May::Read),
    ("GET", "/api/export", May::TakeAway),
    ("GET", "/api/figures", May::Read),
    ("GET", "/api/records/{register}", May::Read),
    ("POST", "/api/records/{register}", May::Manage),
    ("POST", "/api/records/{register}/review", May::Manage),
    ("GET", "/api/records/{register}/table", May::TakeAway),
    ("POST", "/api/records/{register}/table", May::Manage),
    ("GET", "/api/records/{register}/{key}", May::Read),
    ("POST", "/api/lanes/{lane}/lift", May::Work),
    ("POST", "/api/lanes/{lane}/hold", May::Work),
    ("POST", "/api/lanes/{lane}/hold/end", May::Work),
    (
        "GET",
        "/api/records/{register}/{key}/files/{item}",
        May::Read,
    ),
    (
        "PUT",
        "/api/records/{register}/{key}/files/{item}",
        May::Manage,
    ),
    ("GET", "/api/cameras", May::Manage),
    ("GET", "/api/identity", May::Manage),
    ("PUT", "/api/identity", May::Manage),
    ("POST", "/api/cameras", May::Manage),
    ("POST", "/api/cameras/search", May::Manage),
    ("POST", "/api/cameras/describe", May::Manage),
    ("POST", "/api/cameras/picture", May::Manage),
    ("PUT", "/api/cameras/{lane}/region", May::Manage),
    ("GET", "/api/cameras/{lane}/check", May::Manage),
    ("POST", "/api/cameras/{lane}/check", May::Manage),
    ("POST", "/api/restart", May::Manage),
    ("GET", "/api/vehicles/{plate}", May::Read),
    ("POST", "/api/vehicles/{plate}/remarks", May::Work),
    ("POST", "/api/remarks/{id}/withdrawal", May::Work),
    ("GET", "/api/inside", May::Read),
    ("POST", "/api/inside/stocktaking", May::Work),
    ("POST", "/api/visits", May::Work),
    ("GET", "/api/visits/{id}/exits", May::Work),
    ("POST", "/api/visits/{id}/withdrawal", May::Work),
    ("GET", "/api/handovers", May::Work),
    ("POST", "/api/handovers", May::Work),
    ("GET", "/api/handovers/draft", May::Work),
    ("GET", "/api/handovers/{id}", May::Work),
    ("POST", "/api/handovers/{id}/receipt", May::Work),
    ("GET", "/api/alarms", May::Read),
    ("POST", "/api/alarms/{id}/seen", May::Work),
    ("GET", "/api/strategies", May::Read),
    ("POST", "/api/strategies", May::Manage),
    ("POST", "/api/strategies/sent/{id}/rejection", May::Manage),
    ("POST", "/api/strategies/{key}/end", May::Manage),
    ("GET", "/api/visitors", May::Read),
    ("POST", "/api/visitors", May::Manage),
    ("POST", "/api/visitors/{key}/end", May::Manage),
    ("GET", "/api/over-limit", May::Read),
    ("POST", "/api/over-limit/{id}/review", May::Manage),
    ("POST", "/api/over-limit/{id}/review/evidence", May::Manage),
    ("GET", "/api/over-limit/{id}/evidence", May::Read),
    ("GET", "/api/policy/explain", May::Read),
    ("POST", "/api/policy/replay", May::Manage),
    ("GET", "/api/inspections", May::TakeAway),
    ("POST", "/api/inspections", May::TakeAway),
    ("GET", "/api/inspections/{id}", May::TakeAway),
    ("POST", "/api/inspections/{id}/draw", May::TakeAway),
    ("POST", "/api/inspections/{id}/marks", May::TakeAway),
    (
        "GET",
        "/api/inspections/{id}/sheets/{passage}",
        May::TakeAway,
    ),
    ("GET", "/api/inspections/{id}/days", May::TakeAway),
    ("GET", "/api/inspections/{id}/pack", May::TakeAway),
    ("GET", "/api/video", May::Read),
    ("GET", "/api/video/{lane}", May::Read),
    ("GET", "/api/video/{lane}/export", May::TakeAway),
    ("GET", "/api/video/files/{id}", May::Read),
    ("GET", "/api/passages/{id}/clips", May::Read),
    ("POST", "/api/passages/{id}/clips", May::Work),
    ("GET", "/api/lifts/{id}/clips", May::Read),
    ("GET", "/api/clips/{id}/files/{number}", May::Read),
    ("GET", "/api/events", May::Read),
    // Only where the site has public screens.
    ("GET", "/api/screens/{lane}/events", May::Anyone),
    ("GET", "/api/board", May::Anyone),
];

/// What a program may that holds a token. It changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// Look at passages, photos, registers, alarms, and take tables away.
    Records,
    /// Have pictures read.
    Pictures,
    /// A later version's.
    #[serde(skip)]
    Nothing,
}

impl Scope {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Pictures => "pictures",
            Self::Nothing => "nothing",
        }
    }

    /// The scope stored under this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let mut all = [Self::Records, Self::Pictures].into_iter();
        all.find(|scope| scope.as_str() == name)
    }

    /// Whether a program of this scope may.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn check(self, method: &Method, may: May) -> Result<(), Refusal> {
        let looks = matches!(*method, Method::GET | Method::HEAD);
        let may = match self {
            Self::Records => looks && matches!(may, May::Anyone | May::Read | May::TakeAway),
            Self::Pictures => may == May::Picture,
            Self::Nothing => false,
        };
        may.then_some(()).ok_or_else(Refusal::not_allowed)
    }
}

impl May {
    /// Whether somebody of this role may, or nobody who is signed in.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn check(self, role: Option<Role>) -> Result<(), Refusal> {
        use Role::{Guard, Inspector, Installer, Manager};
        let may = match (self, role) {
            (Self::Anyone, _) | (Self::Read | Self::Picture, Some(_)) => true,
            (_, None) => return Err(Refusal::not_signed_in()),
            (Self::Work, Some(role)) => matches!(role, Guard | Manager | Installer),
            (Self::Manage, Some(role)) => matches!(role, Manager | Installer),
            (Self::TakeAway, Some(role)) => matches!(role, Manager | Installer | Inspector),
        };
        may.then_some(()).ok_or_else(Refusal::not_allowed)
    }
}

/// Who may use this page; nobody when it is not in the table.
pub(crate) fn may(method: &Method, path: &str) -> Option<May> {
    let method = if *method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    let mut all = TABLE.iter();
    all.find(|(m, p, _)| *m == method && *p == path)
        .map(|(_, _, may)| *may)
}

/// Every page of the API with its document.
pub(crate) fn api() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(people::routes())
        .merge(pages::routes())
        .merge(lanes::routes())
        .merge(plates::routes())
        .merge(cameras::routes())
        .merge(passages::routes())
        .merge(figures::routes())
        .merge(records::routes())
        .merge(alarms::routes())
        .merge(rules::routes())
        .merge(vehicles::routes())
        .merge(inspections::routes())
        .merge(handovers::routes())
        .merge(video::routes())
        .merge(events::routes())
        .merge(screens::routes())
}

/// All that is served.
pub(crate) fn pages(desk: Desk) -> Router {
    let (api, _) = api().split_for_parts();
    let door = middleware::from_fn_with_state(desk.clone(), session::admit);
    api.route_layer(door)
        .method_not_allowed_fallback(pages::wrong_method)
        .fallback(pages::app)
        .layer(middleware::map_response(guarded))
        .with_state(desk)
}

/// What browsers are told of every answer: nothing runs but what is served here, and no other page frames
/// it or reads it. Tips of charts set styles in their markup.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Who was here last leaves nothing in the browser's store, unless a page says so.
    let none = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(none);
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_holds_every_page_and_nothing_else() {
        let document = serde_json::to_value(api().into_openapi()).expect("JSON");
        let paths = document["paths"].as_object().expect("paths");
        let served: BTreeSet<(String, String)> = paths
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().expect("methods").keys();
                methods.map(|method| (method.to_uppercase(), path.clone()))
            })
            .collect();
        let table = TABLE.iter();
        let table: BTreeSet<_> = table
            .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
            .collect();
        assert_eq!(served, table);
    }

    #[test]
    fn a_program_changes_nothing_whatever_its_scope() {
        for (method, path, may) in TABLE {
            let method = method.parse().expect("a method");
            let is_picture = *path == "/api/read";
            for scope in [Scope::Records, Scope::Pictures, Scope::Nothing] {
                let is_let_in = scope.check(&method, *may).is_ok();
                let reads = method == Method::GET && scope == Scope::Records;
                let has_read = is_picture && scope == Scope::Pictures;
                assert!(!is_let_in || reads || has_read, "{method} {path}");
            }
        }
        assert!(Scope::Pictures.check(&Method::POST, May::Picture).is_ok());
        assert!(Scope::Records.check(&Method::GET, May::Manage).is_err());
    }

    #[test]
    fn nobody_may_what_is_not_in_the_table() {
        assert_eq!(may(&Method::HEAD, "/api/tasks"), Some(May::Read));
        assert_eq!(may(&Method::POST, "/api/tasks"), None);
        assert_eq!(may(&Method::GET, "/api/passages/1"), None);
    }
}
