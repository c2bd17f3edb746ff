//! One connection: says what it is told to, and notes what it hears.

use std::{collections::VecDeque, net::Ipv4Addr, sync::atomic::Ordering, time::Duration};

use anyhow::Result;
use tokio::{
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    task::JoinHandle,
};

use super::BODY;
use crate::{
    board::{Board, Moment},
    socket::Socket,
    target::Target,
    wire::{Guest, Heard},
};

/// Most unanswered messages of a connection: what our protocol asks of a client, and for the peer
/// the same. What is due beyond that waits its turn, and the wait counts as latency.
const IN_FLIGHT: usize = 8;

/// One connection.
pub(crate) struct Seat {
    orders: UnboundedSender<Order>,
    task: JoinHandle<()>,
}

enum Order {
    /// From now on this is the board; a seat that listens notes what others say.
    Join(Board, Listens),
    /// Say the message of that number.
    Say(u64),
    /// Until then, say one as soon as the one before is durable.
    Flood(Duration),
}

/// Whether a seat notes messages as delivered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listens {
    /// It hears for the other side.
    Yes,
    /// It only says.
    No,
}

struct Sitter {
    target: Target,
    guest: Guest,
    socket: Socket,
    board: Option<Board>,
    listens: Listens,
    waiting: VecDeque<u64>,
    in_flight: usize,
    flood_until: Duration,
}

impl Seat {
    /// Connects and waits until the channel is followed.
    ///
    /// # Errors
    /// The server refuses the connection or the guest.
    pub(crate) async fn open(target: &Target, guest: Guest, source: Ipv4Addr) -> Result<Self> {
        let wire = target.wire;
        let headers = format!("Origin: {}\r\n{}", target.origin, wire.subprotocol());
        let mut socket = Socket::open(target.address, source, wire.path(), &headers).await?;
        if let Some(greeting) = wire.greeting(&guest) {
            socket.send(&greeting).await?;
        }
        loop {
            match wire.hear(&guest, &socket.next().await?)? {
                Heard::Ready => break,
                Heard::Answer(answer) => socket.send(&answer).await?,
                Heard::Stored(_) | Heard::Refused(..) | Heard::Messages(_) | Heard::Nothing => {}
            }
        }
        let (orders, incoming) = mpsc::unbounded_channel();
        let sitter = Sitter {
            target: target.clone(),
            guest,
            socket,
            board: None,
            listens: Listens::No,
            waiting: VecDeque::new(),
            in_flight: 0,
            flood_until: Duration::ZERO,
        };
        Ok(Self { orders, task: tokio::spawn(sitter.sit(incoming)) })
    }

    /// From now on this is the board.
    pub(crate) fn join(&self, board: &Board, listens: Listens) {
        // A seat whose connection ended takes no orders: it is counted as lost.
        let _ = self.orders.send(Order::Join(board.clone(), listens));
    }

    /// Says the message of that number.
    pub(crate) fn say(&self, number: u64) {
        let _ = self.orders.send(Order::Say(number));
    }

    /// Until that time of the board, says one message as soon as the one before is durable.
    pub(crate) fn flood(&self, until: Duration) {
        let _ = self.orders.send(Order::Flood(until));
    }

    /// Closes the connection.
    pub(crate) async fn close(self) {
        drop(self.orders);
        // A panic in the task is a bug of this client: the count of lost connections shows it.
        let _ = self.task.await;
    }
}

impl Sitter {
    async fn sit(mut self, mut orders: UnboundedReceiver<Order>) {
        loop {
            let worked = tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => return self.socket.close().await,
                },
                text = self.socket.next() => match text {
                    Ok(text) => self.hear(&text).await,
                    Err(error) => Err(error),
                },
            };
            if let Err(error) = worked {
                if self.target.lost.fetch_add(1, Ordering::Relaxed) == 0 {
                    println!("  a connection was lost: {error:#}");
                }
                return;
            }
        }
    }

    async fn obey(&mut self, order: Order) -> Result<()> {
        match order {
            Order::Join(board, listens) => {
                (self.board, self.listens) = (Some(board), listens);
                self.waiting.clear();
                self.in_flight = 0;
                self.flood_until = Duration::ZERO;
                Ok(())
            }
            Order::Say(number) => {
                self.waiting.push_back(number);
                self.say_waiting().await
            }
            Order::Flood(until) => {
                self.flood_until = until;
                self.flood().await
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Result<()> {
        match self.target.wire.hear(&self.guest, text)? {
            Heard::Answer(answer) => self.socket.send(&answer).await,
            Heard::Stored(cid) => {
                self.note(Moment::Stored, cid);
                self.answered().await
            }
            Heard::Refused(_, reason) => {
                if let Some(board) = &self.board {
                    let mut sheet = board.sheet();
                    sheet.refused += 1;
                    sheet.refusal.get_or_insert(reason);
                }
                self.answered().await
            }
            Heard::Messages(cids) => {
                if self.listens == Listens::Yes {
                    cids.into_iter().for_each(|cid| self.note(Moment::Delivered, cid));
                }
                Ok(())
            }
            Heard::Ready | Heard::Nothing => Ok(()),
        }
    }

    fn note(&self, moment: Moment, cid: u128) {
        if let Some(board) = &self.board {
            board.sheet().note(moment, cid);
        }
    }

    async fn answered(&mut self) -> Result<()> {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.flood().await?;
        self.say_waiting().await
    }

    async fn flood(&mut self) -> Result<()> {
        if let Some(board) = &self.board {
            let mut sheet = board.sheet();
            let now = sheet.elapsed();
            if now < self.flood_until {
                self.waiting.push_back(sheet.due(now));
            }
        }
        self.say_waiting().await
    }

    async fn say_waiting(&mut self) -> Result<()> {
        while self.in_flight < IN_FLIGHT {
            let (Some(board), Some(number)) = (&self.board, self.waiting.pop_front()) else {
                return Ok(());
            };
            let cid = board.sheet().cid(number);
            let message = self.target.wire.message(&self.guest, cid, BODY);
            self.in_flight += 1;
            self.socket.send(&message).await?;
        }
        Ok(())
    }
}
