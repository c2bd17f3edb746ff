// What `node --test` prints here: one line a test, the error of a failed one,
// and as the last line `N passed, N failed[, N skipped]`, which xtask reads.

export default async function* reporter(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    switch (type) {
      case "test:stdout":
      case "test:stderr":
        yield data.message;
        break;
      case "test:diagnostic":
        break;
      case "test:pass":
        if (data.skip !== undefined || data.todo !== undefined) {
          counts.skipped += 1;
          yield `  skip  ${data.name}\n`;
        } else if (data.details?.type !== "suite") {
          counts.passed += 1;
          yield `  pass  ${data.name} (${seconds(data)} s)\n`;
        }
        break;
      case "test:fail":
        if (data.details?.type !== "suite") {
          counts.failed += 1;
          yield `  FAIL  ${data.name} (${seconds(data)} s)\n${error(data.details?.error)}\n`;
        }
        break;
      default:
        break;
    }
  }
  yield `${counts.passed} passed, ${counts.failed} failed`;
  yield counts.skipped > 0 ? `, ${counts.skipped} skipped\n` : "\n";
}

function seconds(data) {
  return ((data.details?.duration_ms ?? 0) / 1000).toFixed(1);
}

// node wraps what a test threw; the cause is what a person wants to read.
function error(wrapped) {
  const cause = wrapped?.cause ?? wrapped;
  const text = cause?.stack ?? String(cause);
  return text.split("\n").map((line) => `        ${line}`).join("\n");
}
