//! The path of production, with the library's own rate limiter: TLS to `discord.com`, which a
//! proxy leads to the fake. Nothing in the bot knows of it.

use std::time::Duration;

use native_tls::{Identity, TlsAcceptor};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509NameBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Bot, TOKEN};
use crate::server::Server;

/// A certificate for `discord.com` that signs itself, and its key, as PEM.
fn certificate() -> (Vec<u8>, Vec<u8>) {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "discord.com").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    let host =
        SubjectAlternativeName::new().dns("discord.com").build(&builder.x509v3_context(None, None));
    builder.append_extension(host.unwrap()).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    (builder.build().to_pem().unwrap(), key.private_key_to_pem_pkcs8().unwrap())
}

/// Takes `CONNECT discord.com:443`, plays discord.com, and passes on what it hears.
async fn tunnel(
    mut stream: TcpStream,
    acceptor: TlsAcceptor,
    target: String,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    assert!(head.starts_with(b"CONNECT discord.com:443 "), "{}", String::from_utf8_lossy(&head));
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    let acceptor = tokio_native_tls::TlsAcceptor::from(acceptor);
    let mut secure = acceptor.accept(stream).await.map_err(std::io::Error::other)?;
    let mut target = TcpStream::connect(target).await?;
    tokio::io::copy_bidirectional(&mut secure, &mut target).await.map(drop)
}

#[test]
fn discords_rate_limit_is_kept_and_the_answer_comes_after_it() {
    let mut bot = Bot::new();
    let (certificate, key) = certificate();
    std::fs::write(bot.desk.path("discord.pem"), &certificate).unwrap();
    let acceptor = TlsAcceptor::new(Identity::from_pkcs8(&certificate, &key).unwrap()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let target = bot.discord.api.trim_start_matches("http://").to_owned();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A connection that is closed at the end is no fault.
            tokio::spawn(tunnel(stream, acceptor.clone(), target.clone()));
        }
    });
    let file = bot.desk.path("discord.pem").display().to_string();
    let environment = [("DISCORD_TOKEN", TOKEN), ("HTTPS_PROXY", &proxy), ("SSL_CERT_FILE", &file)];
    bot.server = Some(Server::start_with(&bot.desk, &environment));
    bot.discord.ready();
    assert_eq!(bot.objection("it is too expensive", &[]).title(), "It costs too much");

    bot.discord.shared.with(|model| model.next_callbacks.push_back(429));
    let card = bot.objection("we have no budget", &[]);
    assert_eq!(card.title(), "There is no budget");
    let after = bot.discord.shared.peek(|model| model.interactions[&card.id].response.clone());
    let after = after.unwrap().1;
    assert!(after >= Duration::from_secs(1), "sent again after {after:?}, told to wait a second");
}
