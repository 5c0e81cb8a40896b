//! The committed document is what the code makes.

#[test]
fn openapi_json_is_current() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json")).unwrap();
    let current = api::openapi().to_pretty_json().unwrap();
    assert!(committed.trim_end() == current, "openapi.json is stale: run `make openapi` and commit the result");
}
