//! The science (方法): draws that anyone can recompute, and what may be concluded from them.
//!
//! Every method is a pure function of its values: no clock, no random source, no disk. Randomness comes in as a seed that
//! is public when the result is. A method has an id with a version (`pps-sys-v1`), which every published result names;
//! a change of the arithmetic is a new version, never an edit of the old one. The crate knows nothing of the house.
//!
//! - [`cross`]: which team checks which target (交叉检查), drawn or optimised.
//! - [`photo`]: which pictures look like one handed in before (照片重复).
//! - [`coordinates`]: datums, distances, and lists whose datum was labelled wrongly (坐标).
//! - [`evidence_grade`]: how much a picture proves, A to D (证据等级).
//! - [`fair`]: small and large units compared without blaming anybody for chance (公平排名).
//! - [`fire`]: fire points of satellites to incidents with their owners (秸秆焚烧).
//! - [`medical_waste`]: the chain of medical waste, its clock, its weights, records that look made up (医疗废物).
//! - [`water`]: classes, pollutants, index and trends of surface water (地表水).
//! - [`look_back`]: which closed problems are looked at again (回头看), and what that says about all of them.

pub mod coordinates;
pub mod cross;
pub mod digest;
pub mod evidence_grade;
pub mod fair;
pub mod fire;
pub mod look_back;
pub mod medical_waste;
pub mod moment;
pub mod photo;
pub mod random;
pub mod water;
