//! Style sheets and static files are embedded: build again when one is added.
fn main() {
    println!("cargo:rerun-if-changed=../style");
    println!("cargo:rerun-if-changed=../public");
}
