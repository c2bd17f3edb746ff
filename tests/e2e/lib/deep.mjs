// Finding and using things inside shadow roots. A selector is plain CSS and is
// looked for in the page and in every open shadow root; where several match, the
// first visible one is used, unless the name says "all".

/** Waits for a visible element and gives its handle. */
export async function find(page, selector, { timeout = 15_000, visible = true } = {}) {
  const handle = await page
    .waitForFunction(first, { timeout, polling: 40 }, selector, visible)
    .catch((error) => {
      throw new Error(`no ${visible ? "visible " : ""}element: ${selector}`, { cause: error });
    });
  return handle.asElement();
}

/** Clicks as a person does, with the mouse. */
export async function click(page, selector, options) {
  const element = await find(page, selector, options);
  await element.click();
}

/** Focuses a field and types into it, key by key. */
export async function type(page, selector, text, options) {
  const element = await find(page, selector, options);
  await element.focus();
  await element.type(text);
}

/** Puts a text into a field at once, as a paste does, so that long texts cost no time. */
export async function fill(page, selector, text, options) {
  const element = await find(page, selector, options);
  // Headless Chromium has no shortcut for "select all".
  await element.evaluate((field) => {
    field.focus();
    field.select();
  });
  await page.keyboard.sendCharacter(text);
}

/** The text of an element, trimmed. */
export async function text(page, selector, options) {
  const element = await find(page, selector, options);
  return element.evaluate((node) => node.innerText?.trim() ?? node.textContent.trim());
}

/** The texts of all matching elements, in the document's order; none if there are none. */
export function allTexts(page, selector) {
  return page.evaluate(texts, selector);
}

/** How many elements match now. */
export async function count(page, selector) {
  return (await allTexts(page, selector)).length;
}

/** Waits until an element's text holds `wanted` (a string or a RegExp). */
export async function hasText(page, selector, wanted, { timeout = 15_000 } = {}) {
  const pattern = wanted instanceof RegExp ? { source: wanted.source, flags: wanted.flags } : null;
  await page
    .waitForFunction(anyText, { timeout, polling: 40 }, selector, pattern ? null : wanted, pattern)
    .catch(async (error) => {
      const seen = await allTexts(page, selector).catch(() => "(page gone)");
      throw new Error(`no ${selector} says ${wanted}; they say ${JSON.stringify(seen)}`, { cause: error });
    });
}

/** Waits until nothing visible matches. */
export async function gone(page, selector, { timeout = 15_000 } = {}) {
  await page.waitForFunction(none, { timeout, polling: 40 }, selector).catch((error) => {
    throw new Error(`still there: ${selector}`, { cause: error });
  });
}

/** Runs `work(element)` in the page on the first match, visible or not. */
export async function on(page, selector, work, ...args) {
  const element = await find(page, selector, { visible: false });
  return element.evaluate(work, ...args);
}

// What follows runs inside the page, so each function stands alone.

function texts(selector) {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === 1 && node.matches(selector)) found.push(node.textContent.trim());
    if (node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.children ?? []) walk(child);
  };
  walk(document);
  return found;
}

function first(selector, visible) {
  const walk = (node) => {
    if (node.nodeType === 1 && node.matches(selector) && (!visible || node.checkVisibility({ visibilityProperty: true }))) {
      return node;
    }
    if (node.shadowRoot) {
      const inside = walk(node.shadowRoot);
      if (inside) return inside;
    }
    for (const child of node.children ?? []) {
      const inside = walk(child);
      if (inside) return inside;
    }
    return null;
  };
  return walk(document);
}

function none(selector) {
  const walk = (node) =>
    (node.nodeType === 1 && node.matches(selector) && node.checkVisibility({ visibilityProperty: true })) ||
    (node.shadowRoot && walk(node.shadowRoot)) ||
    [...(node.children ?? [])].some(walk);
  return !walk(document);
}

function anyText(selector, wanted, pattern) {
  const says = (text) =>
    pattern ? new RegExp(pattern.source, pattern.flags).test(text) : text.includes(wanted);
  const walk = (node) =>
    (node.nodeType === 1 && node.matches(selector) && says(node.textContent)) ||
    (node.shadowRoot && walk(node.shadowRoot)) ||
    [...(node.children ?? [])].some(walk);
  return walk(document);
}
