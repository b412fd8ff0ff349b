//! Pages as a browser sees them, over a small office of eleven posts.

mod bad_input;
mod checklist;
mod cross;
mod dates;
mod document;
mod dossier;
mod draw;
mod duty;
mod film;
mod inspection;
mod intake;
mod lists;
mod meeting;
mod of_record;
mod phone;
mod photo;
mod places;
mod procedure;
mod rank;
mod record;
mod river;
mod rooms;
mod supervise;
mod today;
mod witness;
mod works;
