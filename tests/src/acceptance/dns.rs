//! A DNS of the test's own: no name of a test is ever looked up outside.

use std::{collections::HashMap, io, net::IpAddr, sync::Mutex};

use egress::Resolve;
use futures::future::BoxFuture;

/// For each name its answers one after the other, the last of them for good.
#[derive(Debug, Default)]
pub struct TestDns(Mutex<HashMap<String, Vec<Vec<IpAddr>>>>);

impl TestDns {
    /// Every look-up of `name` is answered so.
    pub fn say(&self, name: &str, addresses: &[&str]) {
        self.say_in_turn(name, &[addresses]);
    }

    /// Look-ups of `name` are answered so, one after the other.
    pub fn say_in_turn(&self, name: &str, answers: &[&[&str]]) {
        let parse = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().expect("an address")).collect();
        self.0.lock().expect("not poisoned").insert(name.to_owned(), answers.iter().map(parse).collect());
    }
}

impl Resolve for TestDns {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        let mut names = self.0.lock().expect("not poisoned");
        let answer = match names.get_mut(name) {
            Some(answers) if answers.len() > 1 => Ok(answers.remove(0)),
            Some(answers) => Ok(answers[0].clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        Box::pin(std::future::ready(answer))
    }
}
