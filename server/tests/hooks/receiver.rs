//! A receiver: takes calls over HTTP, says what came, and answers as it is told.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(each, _)| each == name);
        let value = found.next().map_or("", |(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} comes twice");
        value
    }

    /// The fields of the form.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let pairs = form_urlencoded::parse(self.body.as_bytes());
        pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        self.fields().into_iter().find(|(each, _)| each == name).map(|(_, value)| value)
    }
}

/// What is answered.
#[derive(Debug)]
pub(crate) enum Answer {
    /// This, as it is written to the socket, and then the end.
    Whole(String),
    /// This, and then nothing; the connection stays.
    Begun(&'static str),
}

pub(crate) fn status(status: u16) -> Answer {
    Answer::Whole(format!("HTTP/1.1 {status} Status\r\nContent-Length: 0\r\n\r\n"))
}

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    received: mpsc::UnboundedReceiver<Received>,
    answers: mpsc::UnboundedSender<Answer>,
}

impl Receiver {
    /// Each call is answered by the next of the answers it is given; it waits for one.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (came, received) = mpsc::unbounded_channel();
        let (answers, mut next) = mpsc::unbounded_channel::<Answer>();
        tokio::spawn(async move {
            let mut held = Vec::new();
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                // Who connects and sends nothing whole is not worth an answer.
                let Some(call) = read(&mut socket).await else { continue };
                let _ = came.send(call);
                match next.recv().await {
                    Some(Answer::Whole(raw)) => {
                        let _ = socket.write_all(raw.as_bytes()).await;
                    }
                    Some(Answer::Begun(raw)) => {
                        let _ = socket.write_all(raw.as_bytes()).await;
                        held.push(socket);
                    }
                    None => return,
                }
            }
        });
        Self { address, received, answers }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn will(&self, answer: Answer) {
        self.answers.send(answer).unwrap();
    }

    /// The next call that comes.
    pub(crate) async fn next(&mut self) -> Received {
        self.received.recv().await.unwrap()
    }

    /// Whether nothing has come.
    pub(crate) fn is_quiet(&mut self) -> bool {
        self.received.try_recv().is_err()
    }
}

/// Reads a request; `None` if it is not whole.
pub(crate) async fn read(socket: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<Received> {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        let mut piece = [0; 4_096];
        let count = socket.read(&mut piece).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
            });
            break (head.to_owned(), length.unwrap_or(0));
        }
    };
    while bytes.len() < head.len() + 4 + length {
        let mut piece = [0; 4_096];
        let count = socket.read(&mut piece).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&piece[..count]);
    }
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Some(Received {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        headers: headers.collect(),
        body: String::from_utf8(bytes[head.len() + 4..].to_vec()).unwrap(),
    })
}
