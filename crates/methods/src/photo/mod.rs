//! Re-used photos (照片重复): pictures that look like one that was handed in before.
//!
//! A picture is known by its [`Fingerprint`]: dHash and pHash of the whole, of the whole without the strip at the bottom
//! where watermark cameras write, and of its core. Mirrored and cropped pictures are found by asking with the mirror image and
//! with crops. What
//! is found is a *question* to a person ([`question`]), never a verdict: the wording asks to compare, and nothing is ever
//! refused for it.
//!
//! Sources: dHash, Krawetz 2013; pHash, Zauner 2010 (discrete cosine transform, median).

mod fingerprint;
mod grey;
mod index;
mod question;

pub use fingerprint::{Asked, Fingerprint, Hashes, Likeness, METHOD};
pub use grey::Grey;
pub use index::{Hit, Index};
pub use question::{Phase, Question, Shot, question};
