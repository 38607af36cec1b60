//! Who is there: WS-Discovery over UDP, on every network of this computer.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures::future::join_all;
use oxvif::soap::XmlNode;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};
use words::{Key, Said};

use crate::text::shown;
use crate::{DeviceAddress, DeviceFault, DeviceStep, Error, bounds};

/// Port of WS-Discovery, and its group (WS-Discovery 1.0, 2.4).
const PORT: u16 = 3702;
const EVERYBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(239, 255, 255, 250)), PORT);
/// A works has fewer cameras on one network; a flood ends here.
const MOST_DEVICES: usize = 512;
/// Each device answers up to four times on each network.
const MOST_DATAGRAMS: usize = 8192;
const LONGEST_DATAGRAM: usize = 65_535;

/// Whom to ask, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// How long answers are waited for.
    pub wait: Duration,
    /// Only this one, with the port of discovery; without it everybody on every network.
    pub only: Option<SocketAddr>,
}

impl Search {
    /// Everybody, or only who is typed: `IP` or `IP:PORT`.
    ///
    /// # Errors
    /// When what is typed is no such address, for whoever typed it.
    pub fn of(wait: Duration, only: Option<&str>) -> Result<Self, Said> {
        let typed = only.map(str::trim).filter(|text| !text.is_empty());
        let target = |text: &str| {
            let ip = || Some(SocketAddr::new(text.parse().ok()?, PORT));
            let target = text.parse().ok().or_else(ip);
            target.ok_or_else(|| Said::with(Key::MistakeNotAnAddress, "text", text))
        };
        let only = typed.map(target).transpose()?;
        Ok(Self { wait, only })
    }
}

/// A device that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundDevice {
    /// Where to ask it further.
    pub address: String,
    /// Its name, as it tells.
    pub name: String,
    /// What it is, as it tells.
    pub hardware: String,
    /// Its own mark, the same on every network.
    pub endpoint: String,
}

/// Asks who is there, and gives who answered by address.
///
/// # Errors
/// When this computer has no network on which it could ask.
pub async fn find(search: &Search) -> Result<Vec<FoundDevice>, Error> {
    let failed = |e: &std::io::Error| {
        let fault = DeviceFault::Unreachable(e.to_string());
        Error::new("WS-Discovery", DeviceStep::Search, fault)
    };
    let until = Instant::now() + search.wait;
    let ways: Vec<(IpAddr, SocketAddr)> = match search.only {
        Some(target) => vec![(anywhere(target), target)],
        None => networks().into_iter().map(|ip| (ip, EVERYBODY)).collect(),
    };
    let asked = ways.iter().map(|&(from, target)| ask(from, target, until));
    let mut found: Vec<FoundDevice> = Vec::new();
    let mut refusal = None;
    let mut heard = false;
    for answers in join_all(asked).await {
        match answers {
            Ok(answers) => {
                heard = true;
                for device in answers {
                    let known = found.iter().any(|known| known.endpoint == device.endpoint);
                    if !known && found.len() < MOST_DEVICES {
                        found.push(device);
                    }
                }
            }
            Err(e) => refusal = Some(e),
        }
    }
    if let Some(e) = refusal.filter(|_| !heard) {
        return Err(failed(&e));
    }
    found.sort_by_key(|device| {
        let ip = DeviceAddress::parse(&device.address).ok();
        let ip = ip.and_then(|address| address.host().parse::<Ipv4Addr>().ok());
        (ip.is_none(), ip, device.address.clone())
    });
    Ok(found)
}

/// This computer's addresses: what is sent from one of them leaves on its network.
fn networks() -> Vec<IpAddr> {
    let own = oxvif::discovery_interfaces().unwrap_or_default();
    let own: Vec<_> = own.into_iter().map(|at| IpAddr::V4(at.address)).collect();
    if own.is_empty() {
        vec![IpAddr::V4(Ipv4Addr::UNSPECIFIED)]
    } else {
        own
    }
}

fn anywhere(target: SocketAddr) -> IpAddr {
    match target {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    }
}

async fn ask(
    from: IpAddr,
    target: SocketAddr,
    until: Instant,
) -> Result<Vec<FoundDevice>, std::io::Error> {
    let socket = UdpSocket::bind((from, 0)).await?;
    // UDP gets lost, and cameras that are busy drop the first question.
    let again_at = Instant::now() + (until - Instant::now()) / 3;
    send(&socket, target).await?;
    let mut found = Vec::new();
    hear(&socket, again_at, &mut found).await;
    send(&socket, target).await?;
    hear(&socket, until, &mut found).await;
    Ok(found)
}

async fn hear(socket: &UdpSocket, until: Instant, found: &mut Vec<FoundDevice>) {
    let mut datagram = vec![0_u8; LONGEST_DATAGRAM];
    for _ in 0..MOST_DATAGRAMS {
        let Ok(heard) = timeout_at(until, socket.recv_from(&mut datagram)).await else {
            return;
        };
        // A refusal of somebody else's network is no reason to stop.
        let Ok((length, from)) = heard else {
            continue;
        };
        if found.len() < MOST_DEVICES {
            found.extend(devices(&datagram[..length], from.ip()));
        }
    }
}

/// Both kinds are asked for, since a question for two kinds finds only those that are both.
async fn send(socket: &UdpSocket, target: SocketAddr) -> Result<(), std::io::Error> {
    for (kind, space) in [
        (
            "NetworkVideoTransmitter",
            "http://www.onvif.org/ver10/network/wsdl",
        ),
        ("Device", "http://www.onvif.org/ver10/device/wsdl"),
    ] {
        socket
            .send_to(question(kind, space).as_bytes(), target)
            .await?;
    }
    Ok(())
}

/// In the addressing of 2004, the only one that older firmware understands.
fn question(kind: &str, space: &str) -> String {
    let id: u128 = rand::random();
    let id = format!("{id:032x}");
    let (a, b, c, d, e) = (&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\" \
         xmlns:w=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" \
         xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" xmlns:k=\"{space}\">\
         <e:Header><w:MessageID>uuid:{a}-{b}-{c}-{d}-{e}</w:MessageID>\
         <w:To e:mustUnderstand=\"true\">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>\
         <w:Action e:mustUnderstand=\"true\">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action>\
         </e:Header><e:Body><d:Probe><d:Types>k:{kind}</d:Types></d:Probe></e:Body></e:Envelope>"
    )
}

/// The devices of one answer, which came from `from`.
fn devices(datagram: &[u8], from: IpAddr) -> Vec<FoundDevice> {
    let text = String::from_utf8_lossy(datagram);
    if bounds::check(&text).is_err() {
        return Vec::new();
    }
    let Ok(answer) = XmlNode::parse(&text) else {
        return Vec::new();
    };
    let Some(body) = answer.child("Body") else {
        return Vec::new();
    };
    // Some leave out the list around their answer.
    let listed = body.child("ProbeMatches").unwrap_or(body);
    let matches = listed.children_named("ProbeMatch");
    matches.filter_map(|told| device(told, from)).collect()
}

fn device(told: &XmlNode, from: IpAddr) -> Option<FoundDevice> {
    let text = |name| told.child(name).map_or("", XmlNode::text);
    let addresses = text("XAddrs").split_whitespace();
    let mut addresses: Vec<_> = addresses
        .filter_map(|address| DeviceAddress::parse(address).ok())
        .collect();
    // A device on two networks tells of both; the one it answered from is ours.
    addresses.sort_by_key(|address| address.host().parse() != Ok(from));
    let address = addresses.first()?.to_string();
    let scope = |wanted: &str| {
        let mut scopes = text("Scopes").split_whitespace();
        let value = scopes.find_map(|scope| scope.strip_prefix(wanted));
        let value = percent_decode_str(value.unwrap_or("")).decode_utf8_lossy();
        shown(&value)
    };
    let endpoint = told.path(&["EndpointReference", "Address"]);
    let endpoint = shown(endpoint.map_or("", XmlNode::text));
    Some(FoundDevice {
        name: scope("onvif://www.onvif.org/name/"),
        hardware: scope("onvif://www.onvif.org/hardware/"),
        endpoint: if endpoint.is_empty() {
            address.clone()
        } else {
            endpoint
        },
        address,
    })
}
