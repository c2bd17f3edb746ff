//! A program of the account's: it answers every call the same, and remembers what it was told.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// What a program was told: the fields of each call.
type Calls = Arc<Mutex<Vec<Vec<(String, String)>>>>;

pub(crate) struct Program {
    pub(crate) url: String,
    answer: Arc<Mutex<(u16, String)>>,
    calls: Calls,
}

impl Program {
    pub(crate) async fn start(status: u16, body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new((status, body.to_owned())));
        let calls = Calls::default();
        tokio::spawn({
            let (answer, calls) = (answer.clone(), calls.clone());
            async move {
                while let Ok((mut socket, _)) = listener.accept().await {
                    let body = read(&mut socket).await;
                    let fields = form_urlencoded::parse(&body).into_owned().collect();
                    calls.lock().unwrap().push(fields);
                    let (status, body) = answer.lock().unwrap().clone();
                    let length = body.len();
                    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n");
                    // Who hung up does not want it.
                    let _ = socket.write_all((head + &body).as_bytes()).await;
                }
            }
        });
        Self { url, answer, calls }
    }

    pub(crate) fn answers(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = (status, body.to_owned());
    }

    /// The values of a field, of all calls.
    pub(crate) fn told(&self, name: &str) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        let value = |fields: &Vec<(String, String)>| {
            fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        calls.iter().filter_map(value).collect()
    }
}

/// The body of a request with a `Content-Length`.
async fn read(socket: &mut tokio::net::TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let count = socket.read(&mut piece).await.unwrap_or(0);
        bytes.extend_from_slice(&piece[..count]);
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
            if bytes.len() >= head + length {
                return bytes.split_off(head);
            }
        }
        if count == 0 {
            return Vec::new();
        }
    }
}
