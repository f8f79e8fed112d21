//! `journal export`: the evidence about one directive as a folder or a zip, or the whole journal, for whoever checks it
//! without vanthu.

use std::fs::{self, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::app::evidence::{self, Bundle, BundleFile, EvidenceError};
use crate::app::ports::Reader;
use crate::cli::{Exit, Place, print, show};
use crate::config::Loaded;
use crate::domain::chain::sha256;
use crate::domain::ids::DocumentId;
use crate::render::evidence::{About, page};
use crate::runtime::wiring;

/// `journal export`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Chỉ về một văn bản: số, ký hiệu (12-KH/ĐUK) hoặc số trong sổ (#5); bỏ trống thì xuất cả nhật ký
    #[arg(long, value_name = "VĂN-BẢN")]
    directive: Option<String>,
    /// Nơi ghi, phải chưa có: của một văn bản là thư mục hoặc tệp .zip; của cả nhật ký là tệp, mỗi dòng một JSON
    #[arg(long, short, value_name = "NƠI")]
    out: PathBuf,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let Some(text) = &args.directive else {
        return whole(store.as_ref(), &args.out).await;
    };
    let Some(id) = show::find_one(store.as_ref(), text, place).await? else { return Ok(Exit::Failed) };
    directive(place, &loaded, (store.as_ref(), id), &args.out).await
}

async fn directive(
    place: &Place,
    loaded: &Loaded,
    (store, id): (&dyn Reader, DocumentId),
    out: &Path,
) -> anyhow::Result<Exit> {
    let office = wiring::office(&loaded.settings, &loaded.office);
    let kept = wiring::files(&loaded.settings);
    let now = place.now();
    let mut bundle = match evidence::gather(store, (&office, kept.as_ref()), id, now).await {
        Ok(bundle) => bundle,
        Err(EvidenceError::Store(error)) => return Err(error.into()),
        Err(why) => {
            print::error(&why.to_string());
            return Ok(Exit::Failed);
        }
    };
    let about = About {
        office: &office.name,
        number: id,
        document: &bundle.content,
        made: now,
        zone: office.calendar.zone,
        head: &bundle.head,
        rows: bundle.rows,
    };
    let page = page(&about).into_bytes();
    bundle.files.insert(0, BundleFile { path: "DOC-TRUOC.md".to_owned(), content: page });
    let manifest = manifest(&bundle, now)?;
    let seal = sha256(&[&manifest]);
    bundle.files.push(BundleFile { path: "manifest.json".to_owned(), content: manifest });
    write(out, &bundle.files).with_context(|| format!("không ghi được {}", out.display()))?;
    print::text(&format!(
        "Đã xuất bằng chứng về {} vào {}: {} tệp, {} dòng nhật ký.\nDấu cuối của nhật ký: {} {}\nSHA-256 của manifest.json: {seal}",
        bundle.content.symbol,
        out.display(),
        bundle.files.len(),
        bundle.rows,
        bundle.head.rows,
        bundle.head.hash,
    ));
    Ok(Exit::Done)
}

fn manifest(bundle: &Bundle, now: chrono::DateTime<chrono::Utc>) -> anyhow::Result<Vec<u8>> {
    let files: Vec<_> = bundle
        .files
        .iter()
        .map(|file| {
            json!({ "path": file.path, "size": file.content.len(), "sha256": sha256(&[&file.content]) })
        })
        .collect();
    let manifest = json!({
        "form": 1, "program": concat!("vanthu ", env!("CARGO_PKG_VERSION")), "made": now,
        "document": bundle.document, "symbol": bundle.content.symbol, "head": bundle.head, "files": files,
    });
    Ok(serde_json::to_vec_pretty(&manifest)?)
}

fn write(out: &Path, files: &[BundleFile]) -> anyhow::Result<()> {
    if out.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")) {
        return zipped(out, files);
    }
    // New, so that nothing of another bundle is left in it; for its owner alone, because it names addresses.
    let new_folder =
        |path: &Path, recursive| fs::DirBuilder::new().mode(0o700).recursive(recursive).create(path);
    new_folder(out, false)?;
    for file in files {
        let path = out.join(&file.path);
        path.parent().map_or(Ok(()), |folder| new_folder(folder, true))?;
        let mut written = create(&path)?;
        written.write_all(&file.content)?;
        written.sync_all()?;
    }
    Ok(())
}

fn zipped(out: &Path, files: &[BundleFile]) -> anyhow::Result<()> {
    let mut archive = ZipWriter::new(create(out)?);
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(0o600);
    for file in files {
        archive.start_file(file.path.as_str(), options)?;
        archive.write_all(&file.content)?;
    }
    archive.finish()?.sync_all()?;
    Ok(())
}

fn create(path: &Path) -> std::io::Result<fs::File> {
    OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)
}

/// Every row, as it stands: a broken journal is exported as well, because that is what must be looked at.
async fn whole(store: &dyn Reader, out: &Path) -> anyhow::Result<Exit> {
    let file = create(out).with_context(|| format!("không ghi được {}", out.display()))?;
    let mut file = BufWriter::new(file);
    let (mut rows, mut last) = (0_u64, String::new());
    let mut after = i64::MIN;
    loop {
        let links = store.links(after, STRIDE).await?;
        let Some(end) = links.last() else { break };
        after = end.number;
        last = format!("{} {}", end.number, String::from_utf8_lossy(&end.hash));
        for link in &links {
            writeln!(file, "{}", evidence::exported(link)?)?;
            rows += 1;
        }
    }
    file.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    print::text(&format!("Đã xuất {rows} dòng nhật ký vào {}.\nDấu cuối: {last}", out.display()));
    Ok(Exit::Done)
}

/// Rows read at once.
const STRIDE: u32 = 4000;
