//! `menjin simulate`: plays the part of another system.

use std::io::Write;
use std::net::SocketAddr;

use crate::cli::{SimulateArgs, SimulateRegulatorArgs, SimulatedPart};
use crate::exit::{Failure, Outcome};

pub(crate) fn main(args: &SimulateArgs) -> Outcome {
    let SimulatedPart::Regulator(args) = &args.part;
    let runtime = tokio::runtime::Runtime::new().map_err(|e| Failure::job(&e))?;
    runtime.block_on(regulator(args))
}

async fn regulator(args: &SimulateRegulatorArgs) -> Outcome {
    let mut options = simulator::Options {
        listen: SocketAddr::from(([127, 0, 0, 1], args.port)),
        folder: args.keep.clone(),
        app_key: args.app_key.clone(),
        ..simulator::Options::default()
    };
    if let Some(file) = &args.secret_file {
        let secret = std::fs::read_to_string(file)
            .map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
        secret
            .trim_end_matches(['\r', '\n'])
            .clone_into(&mut options.secret);
    }
    let server = simulator::serve(options)
        .await
        .map_err(|e| Failure::job(&e))?;
    writeln!(std::io::stdout().lock(), "ready http://{}/", server.addr)
        .map_err(|e| Failure::job(&e))?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(|e| Failure::job(&e))?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    server.stop().await;
    Ok(())
}
