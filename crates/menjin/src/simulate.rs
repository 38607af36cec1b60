//! `menjin simulate`: plays the part of another system.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use simulator::{Dialect, SignatureCheck, Signed};
use words::Said;

use crate::cli::simulate::{
    DialectArg, SignedArg, SimulateArgs, SimulateRegulatorArgs, SimulatedPart,
};
use crate::exit::{Failure, Outcome};

pub(crate) fn main(args: &SimulateArgs) -> Outcome {
    let SimulatedPart::Regulator(args) = &args.part;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Failure::job(&e))?;
    runtime.block_on(regulator(args))
}

async fn regulator(args: &SimulateRegulatorArgs) -> Outcome {
    let dialect = match args.dialect {
        DialectArg::Yunnan => Dialect::Yunnan,
        DialectArg::Henan => Dialect::Henan,
        DialectArg::Bearer => Dialect::Bearer,
    };
    let local = SocketAddr::from(([127, 0, 0, 1], args.port));
    let tls = args.tls_cert.clone().zip(args.tls_key.clone());
    let mut options = simulator::Options {
        listen: args.listen.unwrap_or(local),
        folder: args.keep.clone(),
        app_key: args.app_key.clone(),
        tls: tls.map(|(certificate, key)| simulator::Tls { certificate, key }),
        signatures: signatures(args)?,
        token_life: Duration::from_secs(args.token_life),
        refuse_incomplete: args.refuse_incomplete,
        ..simulator::Options::of(dialect)
    };
    if let Some(file) = &args.secret_file {
        let secret = std::fs::read_to_string(file)
            .map_err(|e| Failure::usage(Said::other(format_args!("{}: {e}", file.display()))))?;
        secret
            .trim_end_matches(['\r', '\n'])
            .clone_into(&mut options.secret);
    }
    let server = simulator::serve(options)
        .await
        .map_err(|e| Failure::job(&e))?;
    let page = match args.tls_cert {
        Some(_) => "https",
        None => "http",
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready {page}://{}/", server.addr).map_err(|e| Failure::job(&e))?;
    writeln!(out, "base_url = \"{}\"", server.base_url()).map_err(|e| Failure::job(&e))?;
    drop(out);
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(|e| Failure::job(&e))?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    server.stop().await;
    Ok(())
}

fn signatures(args: &SimulateRegulatorArgs) -> Result<Option<SignatureCheck>, Failure> {
    let Some(file) = &args.public_key else {
        return Ok(None);
    };
    let public_key_pem = std::fs::read_to_string(file)
        .map_err(|e| Failure::usage(Said::other(format_args!("{}: {e}", file.display()))))?;
    let signed = match args.signed {
        SignedArg::SortedPairs => Signed::SortedPairs,
        SignedArg::Body => Signed::Body,
        SignedArg::BodyTimestampNonce => Signed::BodyTimestampNonce,
    };
    Ok(Some(SignatureCheck {
        public_key_pem,
        signed,
    }))
}
