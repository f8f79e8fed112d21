//! Mails that stay here: in a folder, or on a list.

use mail_parser::MessageParser;
use vanthu::app::ports::{Clearance, Mailer};
use vanthu::mail::transport::{Outbox, TransportOptions};
use vanthu::render::mail::samples;

use super::{letter_to, post, word};

#[tokio::test]
async fn a_folder_holds_one_file_for_each_notice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("thu-di");
    let post = post(TransportOptions::Folder(path.clone()));
    post.knock().await.unwrap();
    for letter in samples().iter().chain(&samples()) {
        assert_eq!(word(&post.send(0, letter, Clearance::given()).await), "sent");
    }
    let mut names: Vec<_> = std::fs::read_dir(&path)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, (1..=6).map(|number| format!("thu-{number:07}.eml")).collect::<Vec<_>>());
    let raw = std::fs::read(path.join("thu-0000001.eml")).unwrap();
    assert!(MessageParser::default().parse(&raw).unwrap().subject().unwrap().starts_with("[12-KH/ĐUK]"));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_concerns_everyone() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let post = post(TransportOptions::Folder(file.path().join("thu-di")));
    assert_eq!(word(&post.send(0, &letter_to("a@khoi.example"), Clearance::given()).await), "retry all");
    assert!(post.knock().await.unwrap_err().contains("không ghi được"));
}

#[tokio::test]
async fn a_list_holds_what_was_sent() {
    let outbox = Outbox::default();
    let post = post(TransportOptions::Memory(outbox.clone()));
    for letter in samples() {
        post.send(0, &letter, Clearance::given()).await;
    }
    let to: Vec<String> = outbox.mails().iter().map(|mail| mail.to.to_string()).collect();
    assert_eq!(to, samples().iter().map(|letter| letter.to.clone()).collect::<Vec<_>>());
}
