//! Serves the style guide alone, for looking at it: `cargo run -p bihuan-web --example styleguide`.

use axum::{Router, middleware, routing::get};
use bihuan_web::{assets, locale, styleguide};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    let router = Router::new()
        .route("/styleguide", get(styleguide::styleguide))
        .route(assets::ROUTE, get(assets::serve))
        .layer(middleware::from_fn(locale::remember_choice));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{}/styleguide", listener.local_addr()?);
    axum::serve(listener, router).await
}
