//! TLS below framed channels: rustls with ring. Certificates and roots are the caller's, in a configuration of rustls.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

use super::{Framed, framed};
use crate::wire::Wire;

/// The rustls that configurations are made with.
pub use tokio_rustls::rustls;

/// A client that trusts `roots` and nothing else.
///
/// # Errors
/// What rustls says of a root that is no certificate.
pub fn client_config(
    roots: impl IntoIterator<Item = CertificateDer<'static>>,
) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root)?;
    }
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// A server that shows `chain`, whose key is `key`, and asks clients for no certificate.
///
/// # Errors
/// What rustls says of the chain or the key.
pub fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(Arc::new(config))
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Shakes hands with the server called `name` and gives the channel.
///
/// # Errors
/// The handshake failed, for example over a certificate that is not trusted.
pub async fn connect<M: Wire, S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
) -> io::Result<Framed<M, client::TlsStream<S>>> {
    let stream = TlsConnector::from(config).connect(name, stream).await?;
    Ok(framed(stream))
}

/// Shakes hands with a client and gives the channel.
///
/// # Errors
/// The handshake failed.
pub async fn accept<M: Wire, S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    config: Arc<ServerConfig>,
) -> io::Result<Framed<M, server::TlsStream<S>>> {
    let stream = TlsAcceptor::from(config).accept(stream).await?;
    Ok(framed(stream))
}
