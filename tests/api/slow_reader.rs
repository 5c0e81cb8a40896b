//! A client that reads a long answer slowly, to see how it ends.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use sealtape_tests::acceptance::TestApp;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::{MissedTickBehavior, interval},
};

/// Somebody who reads slowly, with little room on the way.
pub(crate) struct SlowReader {
    stream: TcpStream,
    tail: Vec<u8>,
}

impl SlowReader {
    /// Asks for `path` and is let in.
    pub(crate) async fn open(app: &TestApp, token: &str, path: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 << 10).unwrap();
        let address: SocketAddr = app.address().parse().unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: console.test\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 200", "{}", String::from_utf8_lossy(&status));
        Self { stream, tail: Vec::new() }
    }

    /// The next piece; 0 at the end.
    async fn some(&mut self) -> usize {
        let mut piece = vec![0; 16 << 10];
        let read = self.stream.read(&mut piece).await.unwrap_or(0);
        self.tail.extend_from_slice(&piece[..read]);
        let keep = self.tail.len().saturating_sub(4_096);
        self.tail.drain(..keep);
        read
    }

    /// Reads on, slowly, until the connection ends; how long that took, and whether the answer was whole.
    pub(crate) async fn until_the_end(&mut self) -> (Duration, bool) {
        let began = Instant::now();
        let mut pace = interval(Duration::from_millis(5));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            if self.some().await == 0 {
                return (began.elapsed(), self.tail.ends_with(b"\r\n0\r\n\r\n"));
            }
        }
    }
}
