//! The program (程序).
fn main() {}
