//! A websocket client of the bare minimum: one small buffer a connection, text frames only.
//!
//! Its own so that neither a library's buffers nor its features weigh on what is measured.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// The mask is there against proxies that mistake frames for requests; here it may be any.
const MASK: [u8; 4] = [0x5a, 0x17, 0xc3, 0x88];
/// Longest handshake answer that is read.
const ANSWER_BYTES: usize = 8_192;

/// An open websocket.
pub(crate) struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Opens a TCP connection from that address of this machine.
///
/// # Errors
/// The server does not listen, or no port is left.
pub(crate) async fn connect(server: SocketAddr, source: Ipv4Addr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(IpAddr::V4(source), 0))?;
    let stream = socket.connect(server).await.with_context(|| format!("connecting to {server}"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Socket {
    /// Opens a websocket.
    ///
    /// # Errors
    /// The server refuses the upgrade.
    pub(crate) async fn open(
        server: SocketAddr,
        source: Ipv4Addr,
        path: &str,
        headers: &str,
    ) -> Result<Self> {
        let mut stream = connect(server, source).await?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ZnJvbnRkZXNrLWJlbmNoLg==\r\n\
             {headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut buffer = Vec::with_capacity(512);
        let end = loop {
            if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            ensure!(buffer.len() < ANSWER_BYTES, "the answer to the handshake is too long");
            if stream.read_buf(&mut buffer).await? == 0 {
                bail!("closed during the handshake: {}", String::from_utf8_lossy(&buffer));
            }
        };
        if !buffer.starts_with(b"HTTP/1.1 101") {
            bail!("the upgrade is refused: {}", String::from_utf8_lossy(&buffer));
        }
        buffer.drain(..end);
        Ok(Self { stream, buffer })
    }

    /// The next text frame; pings are answered on the way. May be dropped while it waits.
    ///
    /// # Errors
    /// The server closed the connection, or sent what this client does not read.
    pub(crate) async fn next(&mut self) -> Result<String> {
        loop {
            while let Some((opcode, payload)) = take_frame(&mut self.buffer)? {
                match opcode {
                    1 => return Ok(String::from_utf8(payload)?),
                    8 => {
                        let code =
                            payload.first_chunk().map_or(1005, |two| u16::from_be_bytes(*two));
                        bail!("closed by the server with {code}");
                    }
                    9 => self.write(10, &payload).await?,
                    10 => {}
                    other => bail!("opcode {other} is not read here"),
                }
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server went away");
            }
        }
    }

    /// Sends a text frame.
    ///
    /// # Errors
    /// The connection is gone.
    pub(crate) async fn send(&mut self, text: &str) -> Result<()> {
        self.write(1, text.as_bytes()).await
    }

    /// Says that this was all, and closes.
    pub(crate) async fn close(mut self) {
        // The server may be gone already: that is as good.
        let _ = self.write(8, &1000_u16.to_be_bytes()).await;
    }

    async fn write(&mut self, opcode: u8, payload: &[u8]) -> Result<()> {
        let mut frame = Vec::with_capacity(payload.len() + 14);
        frame.push(0x80 | opcode);
        match payload.len() {
            length @ 0..=125 => frame.push(0x80 | length as u8),
            length @ 126..=0xffff => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&(length as u16).to_be_bytes());
            }
            length => {
                frame.push(0x80 | 127);
                frame.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(&MASK);
        frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        self.stream.write_all(&frame).await.context("writing to the server")
    }
}

/// Takes one whole frame off the front, `None` if there is not one yet.
fn take_frame(buffer: &mut Vec<u8>) -> Result<Option<(u8, Vec<u8>)>> {
    let [first, second, ..] = *buffer.as_slice() else { return Ok(None) };
    ensure!(first & 0x80 != 0, "fragments are not read here");
    ensure!(second & 0x80 == 0, "a server does not mask");
    let (head, length) = match second {
        126 => match buffer.get(2..4).and_then(<[u8]>::first_chunk) {
            Some(two) => (4, usize::from(u16::from_be_bytes(*two))),
            None => return Ok(None),
        },
        127 => match buffer.get(2..10).and_then(<[u8]>::first_chunk) {
            Some(eight) => (10, usize::try_from(u64::from_be_bytes(*eight))?),
            None => return Ok(None),
        },
        short => (2, usize::from(short)),
    };
    let Some(payload) = buffer.get(head..head + length) else { return Ok(None) };
    let payload = payload.to_vec();
    buffer.drain(..head + length);
    Ok(Some((first & 0x0f, payload)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_taken_only_when_it_is_whole() {
        let mut whole = vec![0x81, 126, 0, 130];
        whole.extend([b'x'; 130]);
        whole.extend([0x89, 0]);
        for cut in 0..134 {
            assert!(take_frame(&mut whole[..cut].to_vec()).unwrap().is_none(), "{cut}");
        }
        assert_eq!(take_frame(&mut whole).unwrap(), Some((1, vec![b'x'; 130])));
        assert_eq!(take_frame(&mut whole).unwrap(), Some((9, vec![])));
        assert_eq!(take_frame(&mut whole).unwrap(), None);
    }
}
