//! Pages as a browser sees them, over a small office of eleven posts.

mod dates;
mod lists;
mod meeting;
mod of_record;
mod procedure;
mod record;
mod rooms;
mod today;
