//! What nobody calls is taken away from a wasm-bindgen module, and long names that only its two
//! halves know become short ones.
//!
//! The glue knows which exports it uses, once what the page does not import is shaken out of it; the
//! module then keeps what those reach.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::process;
use crate::setup::Setup;

/// Makes `NAME.js` and `NAME_bg.wasm` in `work` small, into `NAME.js` and `NAME.wasm`. The page
/// imports `wanted`, and the function that starts it all.
pub(super) fn slim(setup: &Setup, work: &Path, name: &str, wanted: &[&str]) -> Result<()> {
    let glue = work.join(format!("{name}.js"));
    let marked = mark_pure(&fs::read_to_string(&glue)?);
    fs::write(&glue, marked)?;
    let entry = work.join("entry.js");
    let exports = wanted.join(", ");
    fs::write(&entry, format!("export {{ {exports}, default }} from \"./{name}.js\";\n"))?;
    let shaken = process::output(setup.command("esbuild").arg(&entry).args([
        "--bundle",
        "--format=esm",
        "--target=es2022",
        "--log-level=warning",
    ]))?;

    let used: BTreeSet<&str> = identifiers(&shaken)
        .filter(|found| found.is_export)
        .map(|found| &shaken[found.start..found.end])
        .collect();
    ensure!(used.contains("memory"), "the glue no longer says `wasm.memory`: wasm-bindgen changed");
    let graph = work.join("graph.json");
    fs::write(&graph, graph_of(&used).to_string())?;
    let module = work.join(format!("{name}_bg.wasm"));
    let kept = work.join("kept.wasm");
    process::output(
        setup.command("wasm-metadce").arg(&module).arg("-f").arg(&graph).arg("-o").arg(&kept),
    )?;
    // Low memory: nothing of ours lies below 1,024, because the stack begins there and grows down.
    // What inlines, and what makes a shape of each own (`-Oz`), makes the plain file smaller and the
    // compressed one larger; a control flow built anew makes both smaller.
    let small = work.join("small.wasm");
    process::run(
        setup
            .command("wasm-opt")
            .args(["-Os", "--flatten", "--rereloop", "-Os", "-Os"])
            .args(["--strip-debug", "--strip-producers", "--low-memory-unused"])
            .args(["--one-caller-inline-max-function-size=0"])
            .args(["--always-inline-max-function-size=0"])
            .arg(&kept)
            .arg("-o")
            .arg(&small),
    )?;
    let names = process::output(
        setup
            .command("wasm-opt")
            .arg("--minify-imports-and-exports-and-modules")
            .arg(&small)
            .arg("-o")
            .arg(work.join(format!("{name}.wasm"))),
    )?;
    let names: Names = serde_json::from_str(&names).context("wasm-opt named nothing anew")?;
    fs::write(&glue, names.apply(&shaken))?;
    Ok(())
}

/// Says of what only stands in the way of shaking that it may be left out: registries of garbage
/// collection, and the `Symbol.dispose` of classes that are handed out by `free()`.
fn mark_pure(glue: &str) -> String {
    let lines = glue.lines().filter(|line| !line.starts_with("if (Symbol.dispose)"));
    let mut marked = String::with_capacity(glue.len());
    for line in lines {
        marked +=
            &line.replace("new FinalizationRegistry", "/* @__PURE__ */ new FinalizationRegistry");
        marked.push('\n');
    }
    marked
}

/// What wasm-metadce shall keep: these exports and what they reach.
fn graph_of(exports: &BTreeSet<&str>) -> serde_json::Value {
    let root = json!({ "name": "page", "root": true, "reaches": exports });
    let nodes = exports.iter().map(|name| json!({ "name": name, "export": name }));
    std::iter::once(root).chain(nodes).collect()
}

/// What wasm-opt called what: `[module, from, to]` and `[from, to]`.
#[derive(Debug, Deserialize)]
struct Names {
    imports: Vec<(String, String, String)>,
    exports: Vec<(String, String)>,
}

impl Names {
    /// The glue with the new names.
    fn apply(&self, glue: &str) -> String {
        let imports: BTreeMap<&str, &str> =
            self.imports.iter().map(|(_, from, to)| (from.as_str(), to.as_str())).collect();
        let exports: BTreeMap<&str, &str> =
            self.exports.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        let mut renamed = String::with_capacity(glue.len());
        let mut written = 0;
        for found in identifiers(glue) {
            let names = if found.is_export { &exports } else { &imports };
            if let Some(to) = names.get(&glue[found.start..found.end]) {
                renamed += &glue[written..found.start];
                renamed += to;
                written = found.end;
            }
        }
        renamed += &glue[written..];
        // All imports come from one module, and wasm-opt calls the first module "a".
        match self.imports.first() {
            Some((module, ..)) => renamed.replace(&format!("\"{module}\""), "\"a\""),
            None => renamed,
        }
    }
}

/// A name in the glue.
struct Identifier {
    start: usize,
    end: usize,
    /// Whether it stands behind `wasm.`, and so names an export of the module.
    is_export: bool,
}

/// The names in a piece of JavaScript, from left to right. Those in strings are found too.
fn identifiers(script: &str) -> impl Iterator<Item = Identifier> + '_ {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + script[at..].find(is_part)?;
        let end = script[start..].find(|c| !is_part(c)).map_or(script.len(), |len| start + len);
        at = end;
        let is_export = script[..start].ends_with("wasm.");
        Some(Identifier { start, end, is_export })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str =
        "const i = {\"./w_bg.js\": {__wbg_now_1: function(a) { return wasm.malloc(a); }}};\n";

    #[test]
    fn both_halves_are_called_by_the_new_names() {
        let names = Names {
            imports: vec![("./w_bg.js".into(), "__wbg_now_1".into(), "b".into())],
            exports: vec![("malloc".into(), "c".into())],
        };

        assert_eq!(
            names.apply(GLUE),
            "const i = {\"a\": {b: function(a) { return wasm.c(a); }}};\n"
        );
    }

    #[test]
    fn an_export_is_a_name_behind_the_module() {
        let exports: Vec<&str> = identifiers(GLUE)
            .filter(|found| found.is_export)
            .map(|found| &GLUE[found.start..found.end])
            .collect();

        assert_eq!(exports, ["malloc"]);
    }

    #[test]
    fn only_what_is_marked_can_be_shaken_out() {
        let glue = "if (Symbol.dispose) A.prototype[Symbol.dispose] = A.prototype.free;\nnew FinalizationRegistry(f);\n";

        assert_eq!(mark_pure(glue), "/* @__PURE__ */ new FinalizationRegistry(f);\n");
    }
}
