//! Names to addresses.

use std::{fmt, io, net::IpAddr};

use futures::future::BoxFuture;

/// Looks names up. The guard asks once for each connection and believes nothing it is told.
pub trait Resolve: fmt::Debug + Send + Sync {
    /// All addresses of a name.
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            // The port plays no part; the call wants one.
            Ok(tokio::net::lookup_host((name, 443)).await?.map(|address| address.ip()).collect())
        })
    }
}
