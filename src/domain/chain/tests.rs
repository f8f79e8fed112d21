use super::*;

fn link(number: i64, detail: &str) -> Link {
    Link {
        number,
        at: 1_768_462_200_000,
        kind: b"registered".to_vec(),
        document: Some(1),
        obligation: None,
        detail: detail.as_bytes().to_vec(),
        hash: Vec::new(),
    }
}

fn chain(rows: i64) -> Vec<Link> {
    let mut previous = BEGINNING.to_owned();
    let mut links = Vec::new();
    for number in 1..=rows {
        let mut link = link(number, &format!("{{\"n\":{number}}}"));
        // The first rows as an older program bound them.
        previous = if number <= 2 { link.old_hash_after(&previous) } else { link.hash_after(&previous) };
        link.hash = previous.clone().into_bytes();
        links.push(link);
    }
    links
}

fn walked(links: &[Link], kept: &[(Option<i64>, &str)]) -> Verdict {
    let mut walk = Walk::new(kept.iter().map(|(rows, hash)| Kept { rows: *rows, hash: (*hash).to_owned() }));
    match links.iter().try_for_each(|link| walk.step(link)) {
        Ok(()) => walk.end(),
        Err(verdict) => verdict,
    }
}

fn hash(links: &[Link], number: usize) -> String {
    String::from_utf8(links[number - 1].hash.clone()).unwrap()
}

/// What an outsider gets by `printf '%s\n…' | sha256sum`.
#[test]
fn hashes_are_what_the_module_says() {
    let link = link(1, r#"{"symbol":"16-KH/TU"}"#);
    assert_eq!(
        link.old_hash_after(BEGINNING),
        "9c5290d8beafe1a9885a76d46abf93bb7d6519c5dbf05b37c3c7dde71ffe6b46"
    );
    assert_eq!(link.leaf(), "6f75d86abaa01c648454244e307cffa741bb8e28d276a2af54bb7de1e4cfdadf");
    assert_eq!(
        link.hash_after(BEGINNING),
        "33c8f8f8e33e1d0571906cd0ca0211774f48d754063617aa5f1ece2a32c680ec"
    );
}

#[test]
fn a_whole_chain_is_whole_and_its_heads_are_met() {
    let links = chain(9);
    let last = hash(&links, 9);
    assert_eq!(walked(&links, &[]), Verdict::Whole { rows: 9, last: last.clone() });
    let (fifth, second) = (hash(&links, 5), hash(&links, 2));
    let kept = [(Some(5), fifth.as_str()), (None, &second), (Some(9), &last), (Some(0), BEGINNING)];
    assert_eq!(walked(&links, &kept), Verdict::Whole { rows: 9, last: last.clone() });
    assert_eq!(walked(&[], &[]), Verdict::Whole { rows: 0, last: BEGINNING.to_owned() });
}

#[test]
fn the_first_row_that_does_not_fit_is_named() {
    let links = chain(9);
    let mut gone = links.clone();
    gone.remove(3);
    assert_eq!(walked(&gone, &[]), Verdict::Missing { number: 4 });
    let mut stray = links.clone();
    stray.insert(0, Link { number: -5, ..links[0].clone() });
    assert_eq!(walked(&stray, &[]), Verdict::Changed { number: -5 });
    let mut swapped = links.clone();
    let (third, sixth) = (links[2].clone(), links[5].clone());
    swapped[2] = Link { number: 3, ..sixth };
    swapped[5] = Link { number: 6, ..third };
    assert_eq!(walked(&swapped, &[]), Verdict::Changed { number: 3 });
    type Change = fn(&mut Link);
    let changes: [Change; 7] = [
        |link| link.at += 1,
        |link| link.kind = b"closed".to_vec(),
        |link| link.document = None,
        |link| link.obligation = Some(1),
        |link| link.detail[1] ^= 0x80,
        |link| link.hash[0] ^= 1,
        |link| link.hash.push(b'0'),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut changed = links.clone();
        change(&mut changed[4]);
        assert_eq!(walked(&changed, &[]), Verdict::Changed { number: 5 }, "change {index}");
    }
}

/// Parts may not be shifted into one another.
#[test]
fn a_kind_of_two_lines_is_refused() {
    let mut first = link(1, "{}");
    first.document = Some(7);
    first.hash = first.hash_after(BEGINNING).into_bytes();
    let mut shifted = first.clone();
    shifted.kind = b"registered\n7".to_vec();
    shifted.hash = shifted.hash_after(BEGINNING).into_bytes();
    assert_eq!(walked(&[shifted], &[]), Verdict::Changed { number: 1 });
}

#[test]
fn what_only_a_kept_head_can_show() {
    let links = chain(9);
    let (last, sixth) = (hash(&links, 9), hash(&links, 6));
    assert_eq!(walked(&links[..6], &[(Some(9), &last)]), Verdict::Cut { rows: 6, kept: 9 });
    assert_eq!(walked(&links[..6], &[(None, &last)]), Verdict::Strange { hash: last });
    assert_eq!(walked(&[], &[(Some(6), &sixth)]), Verdict::Cut { rows: 0, kept: 6 });
    let mut anew = chain(3);
    let mut previous = hash(&anew, 3);
    for number in 4..=9 {
        let mut link = link(number, "{\"n\":0}");
        previous = link.hash_after(&previous);
        link.hash = previous.clone().into_bytes();
        anew.push(link);
    }
    assert!(matches!(walked(&anew, &[]), Verdict::Whole { rows: 9, .. }), "the chain alone cannot show it");
    assert_eq!(walked(&anew, &[(Some(6), &sixth)]), Verdict::Rewritten { number: 6 });
    assert!(matches!(walked(&anew, &[(None, &sixth)]), Verdict::Strange { .. }));
}

#[test]
fn heads_are_read_as_people_keep_them() {
    let hash = "Ab".repeat(32);
    let lower = hash.to_lowercase();
    let kept = |rows| Ok(Some(Kept { rows, hash: lower.clone() }));
    assert_eq!(Kept::parse(&format!(" 12 {hash} 2026-01-01T00:00:00Z máy chủ\n")), kept(Some(12)));
    assert_eq!(Kept::parse(&hash), kept(None));
    assert_eq!(Kept::parse(&"1".repeat(64)), Ok(Some(Kept { rows: None, hash: "1".repeat(64) })));
    assert_eq!(Kept::parse("# dấu cuối"), Ok(None));
    assert_eq!(Kept::parse("  "), Ok(None));
    for wrong in ["12", "-1 ab", "abc", &"g".repeat(64), "12 13"] {
        assert_eq!(Kept::parse(wrong), Err(wrong.to_owned()));
    }
}
