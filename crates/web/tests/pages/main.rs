//! Pages as a browser sees them, over a small office of eleven posts.

mod dates;
mod document;
mod duty;
mod inspection;
mod intake;
mod lists;
mod meeting;
mod of_record;
mod photo;
mod procedure;
mod record;
mod river;
mod rooms;
mod today;
mod works;
