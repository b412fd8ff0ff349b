mod fixtures;
use std::time::Instant;
#[test]
fn speed() {
    let mut w = rust_xlsxwriter::Workbook::new();
    let s = w.add_worksheet();
    for r in 0..50_000u32 { for c in 0..20u16 {
        if c % 2 == 0 { s.write(r, c, format!("问题{}在河道{}", r, c)).unwrap(); } else { s.write(r, c, r as f64 + 0.5).unwrap(); }
    }}
    let bytes = w.save_to_buffer().unwrap();
    drop(w);
    for _ in 0..2 {
    let rss = || std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l| l.starts_with("VmRSS")||l.starts_with("VmHWM")).collect::<Vec<_>>().join(" ");
    eprintln!("{} {}", bytes.len(), rss());
    let t = Instant::now();
    use calamine::Reader;
    let mut x: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(&bytes[..])).unwrap();
    let range = x.worksheet_range("Sheet1").unwrap();
    eprintln!("calamine {:?} {:?} {}", t.elapsed(), range.get_size(), rss());
    drop(range); drop(x);
    let t = Instant::now();
    let d = bihuan_papers::container::open(&bytes, "x.xlsx", &Default::default()).unwrap();
    eprintln!("open {:?} {} {}", t.elapsed(), d.blocks.len(), rss());
    }
}
