// What stands in a conversation, as the person in front of it sees it.

/** How the widget and the console write a row down. */
export const WIDGET = { row: ".msg", bubble: ".bubble:not(.typing)", mine: '[data-is~="me"]', unseen: ".vh" };
export const CONSOLE = { row: ".said", bubble: ".bubble:not(.dots)", mine: ".mine", unseen: ".unseen" };

/** Every message in sight or scrolled away, oldest first: `{ mine, text, meta }`. */
export function timeline(page, look) {
  return page.evaluate(read, look);
}

/** Moves the conversation to its oldest message; what is missing above is then fetched. */
export function scrollToOldest(page) {
  return page.evaluate(toOldest);
}

// What follows runs inside the page, so each function stands alone.

function read({ row, bubble, mine, unseen }) {
  const find = (node) => {
    if (node.nodeType === 1 && node.matches("[role=log]")) return node;
    for (const child of [...(node.shadowRoot ? [node.shadowRoot] : []), ...(node.children ?? [])]) {
      const found = find(child);
      if (found) return found;
    }
    return null;
  };
  const messages = [];
  for (const node of find(document)?.querySelectorAll(row) ?? []) {
    const said = node.querySelector(bubble);
    if (!said) continue;
    const copy = said.cloneNode(true);
    for (const part of copy.querySelectorAll(unseen)) part.remove();
    messages.push({
      mine: node.matches(mine),
      text: copy.textContent,
      meta: node.querySelector(".meta")?.textContent ?? "",
    });
  }
  return messages;
}

function toOldest() {
  const find = (node) => {
    if (node.nodeType === 1 && node.matches("[role=log]")) return node;
    for (const child of [...(node.shadowRoot ? [node.shadowRoot] : []), ...(node.children ?? [])]) {
      const found = find(child);
      if (found) return found;
    }
    return null;
  };
  find(document)?.querySelector("p, div")?.scrollIntoView({ block: "start", behavior: "instant" });
}
