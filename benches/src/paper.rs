//! A large workbook read into problems, beside calamine alone.

use crate::table::{Table, in_turns};
use anyhow::{Context, Result, ensure};
use bihuan_papers::ReadOptions;
use calamine::{Reader, Xlsx};
use jiff::civil::date;
use std::{io::Cursor, time::Instant};

const ROWS: u32 = 50_000;
const HEADINGS: [&str; 20] = [
    "序号",
    "问题来源",
    "反馈问题",
    "问题类型",
    "所在乡镇",
    "责任单位",
    "责任人",
    "配合单位",
    "督导单位",
    "验收单位",
    "整改目标",
    "整改措施",
    "整改时限",
    "整改进展",
    "完成情况",
    "是否销号",
    "销号时间",
    "联系人",
    "联系电话",
    "备注",
];

/// Measures the reading of a workbook.
pub fn measure(table: &mut Table) -> Result<()> {
    let bytes = workbook()?;
    let options = ReadOptions {
        issued_on: Some(date(2021, 3, 1)),
        received_on: Some(date(2021, 3, 3)),
        ..ReadOptions::default()
    };
    let (ours, bare) = in_turns(
        || {
            let begun = Instant::now();
            let reading = bihuan_papers::read(&bytes, "台账.xlsx", &options)
                .map_err(|e| anyhow::anyhow!(e.message_en()))?;
            ensure!(reading.problems.len() == ROWS as usize, "{} problems", reading.problems.len());
            Ok(f64::from(ROWS) / begun.elapsed().as_secs_f64())
        },
        || {
            let begun = Instant::now();
            let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice()))?;
            let range = workbook.worksheet_range_at(0).context("no sheet")??;
            ensure!(range.height() > ROWS as usize, "{} rows", range.height());
            Ok(f64::from(ROWS) / begun.elapsed().as_secs_f64())
        },
    )?;
    let what = format!("workbook of {ROWS} rows × 20 columns into problems, beside calamine");
    table.ratio(&what, ours, bare, "rows", 1.0 / 3.0);
    Ok(())
}

fn workbook() -> Result<Vec<u8>> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write(0, column, heading)?;
    }
    for row in 1..=ROWS {
        let town = ["东溪镇", "青石镇", "双桥镇", "石门乡"][row as usize % 4];
        let cells = [
            row.to_string(),
            "第二轮省级生态环境保护督察".to_owned(),
            format!("{town}第{row}号农贸市场后排水沟生活污水直排,沟内淤积发黑,群众反映强烈。"),
            "水环境".to_owned(),
            town.to_owned(),
            format!("{town}人民政府"),
            "张明".to_owned(),
            "区住房和城乡建设局".to_owned(),
            "区督察整改办".to_owned(),
            "区生态环境局".to_owned(),
            "污水全部收集入网,沟渠水质达到要求".to_owned(),
            format!("新建管网{row}米;清淤整治沟渠;落实日常管护"),
            format!("2021年{}月底前", 4 + row % 9),
            "正在施工".to_owned(),
            "未完成".to_owned(),
            "否".to_owned(),
            String::new(),
            "李华".to_owned(),
            "0825-0000000".to_owned(),
            String::new(),
        ];
        for (column, cell) in (0..).zip(&cells) {
            sheet.write(row, column, cell)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}
