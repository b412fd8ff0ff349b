//! The paper (文书): Word, Excel, CSV and text in; ledgers, forms and dossiers out. Bytes to and from values; pure.
//!
//! Reading goes in two steps: [`container`] turns bytes into a [`document::Document`] of paragraphs and grids,
//! [`reading`] turns a document into drafts of problems with the raw text beside every value.

pub mod container;
pub mod document;
pub mod reading;
