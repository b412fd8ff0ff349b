//! The types of the machine (字体): found once, read when a paper is drawn. None is shipped; what a machine lacks is stood in for by the
//! next best, and a machine without any Chinese type is told so in plain words.

use crate::failure::Failure;
use bihuan_papers::writing::official::{Face, Typeface, Typefaces};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Names of types, best first. What GB/T 9704 wants comes first, then what stands in for it.
const TITLE: &[&str] = &["方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "STZhongsong"];
const BODY: &[&str] = &["仿宋_GB2312", "FangSong_GB2312", "FangSong", "仿宋", "STFangsong", "FZFangSong-Z02"];
const BLACK: &[&str] =
    &["黑体", "SimHei", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei"];
const BRUSH: &[&str] =
    &["楷体_GB2312", "KaiTi_GB2312", "KaiTi", "楷体", "STKaiti", "FZKai-Z03", "AR PL UKai CN"];
const SONG: &[&str] =
    &["宋体", "SimSun", "NSimSun", "STSong", "Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN"];
const LATIN: &[&str] = &["Times New Roman", "Liberation Serif", "Tinos", "TeX Gyre Termes", "Nimbus Roman"];
/// Whatever has Chinese signs at all.
const ANY: &[&str] = &[
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "PingFang SC",
];

/// Where a type lies: its file and its place in it.
type Place = (PathBuf, u32);

/// Where the types of this machine lie.
struct Found {
    faces: BTreeMap<Face, Place>,
    latin: Option<Place>,
}

/// Papers are drawn one at a time: the files of types are large.
static DRAWING: Mutex<()> = Mutex::new(());

fn found() -> &'static Found {
    static FOUND: OnceLock<Found> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_system_fonts();
        let find = |names: &[&str], weight: u16| {
            let of_name = |name: &&str| {
                let faces = fonts.faces().filter(|face| face.style == fontdb::Style::Normal);
                let named = faces.filter(|face| face.families.iter().any(|(family, _)| family == *name));
                let face = named.min_by_key(|face| face.weight.0.abs_diff(weight))?;
                match &face.source {
                    fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => {
                        Some((path.clone(), face.index))
                    }
                    fontdb::Source::Binary(_) => None,
                }
            };
            names.iter().find_map(of_name)
        };
        let faces = Face::ALL.into_iter().filter_map(|face| {
            let (names, weight) = match face {
                Face::Title => (TITLE, 700),
                Face::Body => (BODY, 400),
                Face::Black => (BLACK, 500),
                Face::Brush => (BRUSH, 400),
                Face::Song => (SONG, 400),
            };
            Some((face, find(names, weight).or_else(|| find(ANY, weight))?))
        });
        Found { faces: faces.collect(), latin: find(LATIN, 400) }
    })
}

/// Draws with the types of this machine.
///
/// # Errors
/// [`Failure::Unwritable`] when the machine has no Chinese type, or `draw` fails.
pub fn with<T>(
    draw: impl FnOnce(&Typefaces) -> Result<T, bihuan_papers::writing::official::PdfError>,
) -> Result<T, Failure> {
    let _one = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
    let (found, mut files) = (found(), BTreeMap::new());
    let mut read = |(path, index): &Place| -> Result<Typeface, Failure> {
        let bytes = match files.get(path) {
            Some(bytes) => Arc::clone(bytes),
            None => {
                let bytes = Arc::new(std::fs::read(path).map_err(|error| unwritable(&error.to_string()))?);
                files.insert(path.clone(), Arc::clone(&bytes));
                bytes
            }
        };
        Ok(Typeface { bytes, index: *index })
    };
    let mut faces = BTreeMap::new();
    for (face, place) in &found.faces {
        faces.insert(*face, read(place)?);
    }
    if faces.is_empty() {
        return Err(Failure::Unwritable(
            "服务器上没有安装中文字体，无法生成 PDF。请安装仿宋、黑体、楷体、小标宋（或 Noto Serif CJK）后重启程序；Word 文件不受影响，可以直接下载。".to_owned(),
            "The server has no Chinese font, so no PDF can be drawn. Install FangSong, SimHei, KaiTi and XiaoBiaoSong (or Noto Serif CJK) and restart; the Word file needs none and can be downloaded.".to_owned(),
        ));
    }
    let latin = found.latin.as_ref().map(&mut read).transpose()?;
    draw(&Typefaces { faces, latin }).map_err(|error| unwritable(&error.to_string()))
}

fn unwritable(reason: &str) -> Failure {
    Failure::Unwritable(
        format!("PDF 没有生成（{reason}）。Word 文件不受影响，可以直接下载。"),
        format!("The PDF could not be drawn ({reason}). The Word file can be downloaded all the same."),
    )
}
