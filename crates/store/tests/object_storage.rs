//! Evidence in S3-compatible storage: a small server of our own speaks the part of the protocol that is used.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_store::{Error, EvidenceStore};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// Objects by path, and what was asked: method and path.
#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    asked: Vec<String>,
    signed: bool,
}

/// Answers until the test is over; gives the address and what is kept.
fn storage() -> (String, Arc<Mutex<Bucket>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let bucket = Arc::new(Mutex::new(Bucket { signed: true, ..Bucket::default() }));
    let kept = Arc::clone(&bucket);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || while answer(&stream, &kept).is_some() {});
        }
    });
    (address, bucket)
}

/// One request and its answer; `None` when the other side is gone.
fn answer(stream: &TcpStream, bucket: &Mutex<Bucket>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut is_signed) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        is_signed |= header.starts_with("authorization: aws4-hmac-sha256");
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut bucket = bucket.lock().unwrap();
    bucket.signed &= is_signed;
    bucket.asked.push(format!("{method} {path}"));
    let (status, found) = match method.as_str() {
        "PUT" => {
            bucket.objects.insert(path, body);
            ("200 OK", Vec::new())
        }
        "GET" | "HEAD" => match bucket.objects.get(&path) {
            Some(object) => ("200 OK", object.clone()),
            None => ("404 Not Found", Vec::new()),
        },
        _ => ("405 Method Not Allowed", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nETag: \"1\"\r\nLast-Modified: Fri, 11 Jun 2021 01:00:00 GMT\r\n\r\n",
        found.len()
    );
    let mut out = stream;
    out.write_all(head.as_bytes()).ok()?;
    if method != "HEAD" {
        out.write_all(&found).ok()?;
    }
    out.flush().ok()
}

#[test]
fn evidence_lies_in_a_bucket_by_its_hash_and_is_checked_when_it_comes_back() {
    let (address, bucket) = storage();
    let settings = [("aws_access_key_id", "key"), ("aws_secret_access_key", "secret")];
    let evidence = EvidenceStore::s3_with("evidence/anlan", &address, "us-east-1", settings).unwrap();
    let photo = b"not really a photo".to_vec();
    let hash = evidence.put_waiting(photo.clone()).unwrap();
    let path = format!("/evidence/anlan/{}/{hash}", &hash[..2]);
    assert_eq!(bucket.lock().unwrap().objects.get(&path), Some(&photo), "{:?}", bucket.lock().unwrap().asked);
    assert_eq!(evidence.get_waiting(&hash).unwrap(), photo);

    assert_eq!(evidence.put_waiting(photo).unwrap(), hash);
    let puts = bucket.lock().unwrap().asked.iter().filter(|asked| asked.starts_with("PUT")).count();
    assert_eq!(puts, 1, "what lies there is not sent again");
    assert!(bucket.lock().unwrap().signed, "every request is signed");

    bucket.lock().unwrap().objects.insert(path.clone(), b"somebody else's photo".to_vec());
    assert!(matches!(evidence.get_waiting(&hash), Err(Error::Damaged { .. })), "a changed object is found");
    bucket.lock().unwrap().objects.remove(&path);
    assert!(matches!(evidence.get_waiting(&hash), Err(Error::Evidence(_))), "a missing one is told");
}
