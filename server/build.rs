//! Lists what `cargo xtask dist` has made, so that `src/assets` can build it in.
//!
//! Without `./dist` the server is built all the same; its pages then say how to make it.

use std::{env, fmt::Write as _, fs, io, path::Path};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo gives it")).join("../dist");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut paths = Vec::new();
    if root.join("manifest.json").is_file() {
        collect(&root, &root, &mut paths)?;
    }
    paths.sort();
    let mut code = String::from("[\n");
    for path in paths.iter().filter(|path| !path.ends_with(".br") && !path.starts_with('.')) {
        let file = root.join(path).canonicalize()?;
        let brotli = format!("{path}.br");
        let brotli = if paths.contains(&brotli) {
            format!("Some(include_bytes!({:?}))", root.join(brotli).canonicalize()?)
        } else {
            "None".to_owned()
        };
        writeln!(
            code,
            "File {{ path: {path:?}, plain: include_bytes!({file:?}), brotli: {brotli} }},"
        )
        .expect("a string takes everything");
    }
    code.push(']');
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo gives it")).join("files.rs"), code)
}

fn collect(root: &Path, folder: &Path, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, paths)?;
        } else {
            let relative = path.strip_prefix(root).expect("it was found below the root");
            paths.push(relative.to_str().expect("our own names are ASCII").replace('\\', "/"));
        }
    }
    Ok(())
}
