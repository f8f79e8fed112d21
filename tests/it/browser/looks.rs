//! What every page must be, whatever it shows.

use serde_json::Value;

use super::chromium::{Browser, DESK, PHONE};

/// Elements that reach past the right edge, if the page can be pushed sideways.
const SPILL: &str = r#"
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.body.querySelectorAll("*")]
        .filter(element => element.getBoundingClientRect().right > room + 0.5)
        .slice(0, 5).map(element => element.outerHTML.slice(0, 120));
"#;

/// Texts whose contrast with what lies behind them is too weak: WCAG 2.2, success criterion 1.4.3.
const FAINT: &str = r#"
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3])).concat(1);
    const ground = element => {
        const layers = [];
        for (let e = element; e; e = e.parentElement) layers.unshift(rgba(getComputedStyle(e).backgroundColor));
        return layers.reduce((below, top) => over(top, below), [255, 255, 255, 1]);
    };
    const light = colour => colour.slice(0, 3)
        .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const faint = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement, words = texts.currentNode.data.trim();
        if (!words || !element.checkVisibility() || /^(STYLE|SCRIPT)$/.test(element.tagName)) continue;
        const style = getComputedStyle(element), below = ground(element);
        const [a, b] = [light(over(rgba(style.color), below)), light(below)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05), size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${words.slice(0, 60)}`);
    }
    return faint;
"#;

/// What is missing for those who listen to a page, or point at it with a thumb: its language, one
/// heading, a name for every field, a scope for every header of a table, targets of 24 px (WCAG 2.2, 2.5.8).
const UNSOUND: &str = r#"
    const all = what => [...document.querySelectorAll(what)];
    const seen = e => e.offsetParent !== null && getComputedStyle(e).clipPath === "none";
    const faults = [], root = document.documentElement;
    if (getComputedStyle(root).backgroundColor === "rgba(0, 0, 0, 0)") faults.push("no style");
    if (root.lang !== "vi") faults.push("not in Vietnamese");
    if (all("h1").length !== 1) faults.push(`${all("h1").length} headings`);
    if (!document.title.startsWith("vanthu – ")) faults.push(document.title);
    for (const field of all("input:not([type=hidden]), textarea"))
        if (!field.labels.length) faults.push(`no label: ${field.name}`);
    for (const field of all("[aria-describedby]"))
        for (const id of field.getAttribute("aria-describedby").split(" "))
            if (!document.getElementById(id)) faults.push(`no such description: ${id}`);
    for (const head of all("th")) if (!head.scope) faults.push(`no scope: ${head.textContent}`);
    for (const target of all("button, summary, nav a").filter(seen))
        if (target.getBoundingClientRect().height < 24) faults.push(`small: ${target.textContent}`);
    const ids = all("[id]").map(e => e.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`twice: ${id}`);
    return faults;
"#;

/// Fails unless the open page is sound, stays within its window and its texts can be read, on a phone
/// and at a desk, in both colour schemes.
pub async fn is_legible(browser: &Browser, name: &str) {
    for (size, dark) in [(PHONE, false), (PHONE, true), (DESK, false), (DESK, true)] {
        let name = format!("{name} at {size:?}{}", if dark { " in the dark" } else { "" });
        browser.look(size, 1.0, dark).await;
        assert_eq!(browser.eval(UNSOUND).await, Value::Array(Vec::new()), "{name}");
        fits(browser, &name).await;
        is_readable(browser, &name).await;
    }
}

/// Fails if the open page can be pushed sideways.
pub async fn fits(browser: &Browser, name: &str) {
    let spill = browser.eval(SPILL).await;
    assert_eq!(spill, Value::Array(Vec::new()), "{name} scrolls sideways");
}

/// Fails if a text stands out too little.
pub async fn is_readable(browser: &Browser, name: &str) {
    let faint = browser.eval(FAINT).await;
    assert_eq!(faint, Value::Array(Vec::new()), "{name} has faint words");
}

/// Fails if the browser complained, or asked anybody but `home` for anything.
pub async fn is_quiet(browser: &Browser, name: &str, home: &str) {
    assert_eq!(browser.complaints().await, [""; 0], "{name}");
    let mut abroad = browser.requests().await;
    abroad.retain(|address| !address.starts_with(home));
    assert_eq!(abroad, [""; 0], "{name} asks others");
}
