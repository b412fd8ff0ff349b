//! Workbooks (工作簿, .xlsx): every sheet a table.
//!
//! The parts are first unpacked once through a scanner, which bounds them and notes what is hidden or merged; only then
//! does calamine read cells, one by one, so a sheet costs what it holds and not what its corners span.

use std::{
    collections::HashMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::{
    Limits, ReadError,
    grid::{Allowance, Grid},
    markup::{Step, Walk},
    number::Show,
    package::Package,
    sheet_scan::{Findings, Scanner},
    warning,
};
use crate::document::{Block, Document, Format, Place, Table, Warning};

/// Reads a workbook.
pub(super) fn read(mut package: Package<'_>, bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    if package.has("xl/workbook.bin") || !package.has("_rels/.rels") || !package.has("[Content_Types].xml") {
        return Err(ReadError::Unknown);
    }
    let mut findings = scan(&mut package, limits)?;
    let paths = sheet_paths(&mut package, limits)?;
    drop(package);
    // The scan has bounded what the library will hold. Should it still trip over a broken workbook, the workbook is
    // refused and the program goes on; nothing of ours is changed by the closure.
    catch_unwind(AssertUnwindSafe(|| read_cells(bytes, &paths, &mut findings, limits)))
        .unwrap_or_else(|_| Err(ReadError::damaged("")))
}

/// Unpacks every part once through the scanner. Keys are paths in lower case.
fn scan(package: &mut Package<'_>, limits: &Limits) -> Result<HashMap<String, Findings>, ReadError> {
    let mut all = HashMap::new();
    for (index, name) in package.names().to_vec().into_iter().enumerate() {
        let mut scanner = Scanner::new(&name, limits);
        let is_shared_strings = name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let mut held_bytes = 0;
        package.stream(index, |chunk| {
            held_bytes += chunk.len();
            if is_shared_strings && held_bytes > limits.part_bytes {
                return Err(ReadError::UnpackedTooLarge { part: name.clone(), limit: limits.part_bytes });
            }
            scanner.take(chunk)
        })?;
        let findings = scanner.findings;
        all.insert(name.replace('\\', "/").to_ascii_lowercase(), findings);
    }
    Ok(all)
}

/// Sheet names and the paths of their parts, in lower case.
fn sheet_paths(package: &mut Package<'_>, limits: &Limits) -> Result<HashMap<String, String>, ReadError> {
    let workbook = relations(package, "_rels/.rels", "", limits)?
        .into_values()
        .find(|(kind, _)| kind.ends_with("/officeDocument"))
        .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, target)| target);
    let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let targets = relations(package, &format!("{folder}/_rels/{file}.rels"), folder, limits)?;
    let Some(text) = package.text(&workbook)? else { return Err(ReadError::Unknown) };
    let mut walk = Walk::new(&workbook, &text, limits);
    let mut paths = HashMap::new();
    while let Some(step) = walk.next()? {
        if let Step::Start(element) = step
            && element.name() == "sheet"
            && let (Some(name), Some(id)) = (element.attribute("name"), element.attribute("id"))
            && let Some((_, target)) = targets.get(&id)
        {
            paths.insert(name, target.to_ascii_lowercase());
        }
    }
    Ok(paths)
}

/// Relations of a part: id to kind and path.
fn relations(
    package: &mut Package<'_>,
    part: &str,
    folder: &str,
    limits: &Limits,
) -> Result<HashMap<String, (String, String)>, ReadError> {
    let Some(text) = package.text(part.trim_start_matches('/'))? else { return Ok(HashMap::new()) };
    let mut walk = Walk::new(part, &text, limits);
    let mut found = HashMap::new();
    while let Some(step) = walk.next()? {
        if let Step::Start(element) = step
            && element.name() == "Relationship"
            && let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target"))
        {
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None if folder.is_empty() => target,
                None => format!("{folder}/{target}"),
            };
            found.insert(id, (element.attribute("Type").unwrap_or_default(), target));
        }
    }
    Ok(found)
}

/// How a cell style shows its cells.
struct CellStyle {
    show: Show,
    is_struck: bool,
}

impl CellStyle {
    fn of(style: &calamine::Style) -> Self {
        let format = style.number_format.as_ref();
        Self {
            show: format.map_or(Show::General, |format| {
                Show::of(format.format_id.unwrap_or(u32::MAX), &format.format_code)
            }),
            is_struck: style.font.as_ref().is_some_and(|font| font.has_strikethrough()),
        }
    }
}

fn read_cells(
    bytes: &[u8],
    paths: &HashMap<String, String>,
    findings: &mut HashMap<String, Findings>,
    limits: &Limits,
) -> Result<Document, ReadError> {
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|_| ReadError::damaged("xl/workbook.xml"))?;
    let is_1904 = workbook.has_1904_epoch();
    let mut document = Document { format: Format::Xlsx, blocks: Vec::new(), warnings: Vec::new() };
    let mut allowance = Allowance::of(limits);
    let mut styles = None;
    for sheet in workbook.sheets_metadata().to_vec() {
        let name = sheet.name;
        if sheet.typ != SheetType::WorkSheet {
            let place = Place { sheet: name.as_str().into(), ..Place::default() };
            let (zh, en) =
                (format!("“{name}”不是表格，未读入"), format!("\"{name}\" is not a table and was not read"));
            document.warnings.push(warning(place, "not_a_table", zh, en));
            continue;
        }
        let mut grid = Grid::new(&name, limits);
        fill(&mut workbook, &name, &mut grid, is_1904, &mut styles, &mut allowance)?;
        let found = paths.get(&name).and_then(|path| findings.remove(path)).unwrap_or_default();
        let is_hidden = sheet.visible != SheetVisible::Visible;
        let number = document.blocks.len() as u32 + 1;
        let mut table = finish(grid, &name, number, found, &mut allowance, &mut document.warnings)?;
        if table.rows.is_empty() {
            continue;
        }
        table.hidden = is_hidden;
        if is_hidden {
            document.warnings.push(hidden_sheet(&name));
        }
        document.blocks.push(Block::Table(table));
    }
    Ok(document)
}

/// Reads the cells of one sheet into the grid.
fn fill(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    grid: &mut Grid<'_>,
    is_1904: bool,
    styles: &mut Option<Vec<CellStyle>>,
    allowance: &mut Allowance,
) -> Result<(), ReadError> {
    let damaged = || ReadError::damaged(name);
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| damaged())?;
    // All sheets share one list of styles, so it is looked through once.
    let styles = styles.get_or_insert_with(|| cells.styles().iter().map(CellStyle::of).collect());
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        let style = styles.get(style);
        let show = style.map_or(&Show::General, |style| &style.show);
        let Some(text) = text_of(cell.get_value(), show, is_1904) else { continue };
        let is_struck = style.is_some_and(|style| style.is_struck);
        grid.place(row.saturating_add(1), column.saturating_add(1), text, is_struck, allowance)?;
    }
    Ok(())
}

/// The cell as people see it, or nothing when they see nothing.
fn text_of(value: &DataRef<'_>, show: &Show, is_1904: bool) -> Option<String> {
    let text = match value {
        DataRef::String(text) => lines(text),
        DataRef::SharedString(text) => lines(text),
        DataRef::Float(value) => show.text_of(*value, is_1904),
        DataRef::Int(value) => show.text_of(*value as f64, is_1904),
        DataRef::DateTime(date) => match show {
            Show::General | Show::Fixed(_) => Show::Date.date(date),
            show => show.date(date),
        },
        DataRef::DateTimeIso(text) => text.trim_end_matches("T00:00:00").replacen('T', " ", 1),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// Line ends as `\n`; a carriage return may also come escaped.
pub(super) fn lines(text: &str) -> String {
    if text.contains('\r') || text.contains("_x000D_") {
        return text.replace("_x000D_", "\r").replace("\r\n", "\n").replace('\r', "\n");
    }
    text.to_owned()
}

/// The table of a sheet with everything the scan found out about it.
pub(super) fn finish(
    mut grid: Grid<'_>,
    name: &str,
    number: u32,
    mut found: Findings,
    allowance: &mut Allowance,
    warnings: &mut Vec<Warning>,
) -> Result<Table, ReadError> {
    let at = |row, column| Place { sheet: name.into(), table: 0, row, column };
    found.hidden_rows.sort_unstable();
    let hidden = grid.hide_rows(&found.hidden_rows);
    if let Some(first) = hidden.first() {
        let count = hidden.len();
        warnings.push(warning(
            at(*first, 0),
            "hidden_rows",
            format!("“{name}”有{count}个隐藏行，从第{first}行起"),
            format!("\"{name}\" has {count} hidden rows, the first is row {first}"),
        ));
    }
    for (first, last) in found.hidden_columns {
        if grid.has_text_in(first, last) {
            warnings.push(warning(
                at(1, first),
                "hidden_columns",
                format!("“{name}”第{first}列起有隐藏列，内容已读入"),
                format!("\"{name}\" has hidden columns from column {first} on; they were read"),
            ));
        }
    }
    if found.has_objects {
        warnings.push(warning(
            at(1, 0),
            "skipped_objects",
            format!("“{name}”中的图片、图形或嵌入对象未读入"),
            format!("pictures, shapes or embedded objects of \"{name}\" were not read"),
        ));
    }
    if let Some((row, column, count)) = grid.struck() {
        warnings.push(warning(
            at(row, column),
            "struck_cells",
            format!("“{name}”有{count}个单元格加了删除线，从第{row}行起"),
            format!("\"{name}\" has {count} struck cells, the first in row {row}"),
        ));
    }
    grid.finish(name, number, &found.merges, allowance, warnings)
}

/// The warning that a sheet is hidden.
pub(super) fn hidden_sheet(name: &str) -> Warning {
    warning(
        Place { sheet: name.into(), ..Place::default() },
        "hidden_sheet",
        format!("工作表“{name}”是隐藏的，内容已读入"),
        format!("sheet \"{name}\" is hidden; it was read"),
    )
}
