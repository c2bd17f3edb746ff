// Somebody on the shop's page.

import { deep, until } from "../../lib/index.mjs";
import { WIDGET, scrollToOldest, timeline } from "./timeline.mjs";

export const LAUNCHER = "[part=launcher]";
export const FORM = ".form";
export const COMPOSER = ".composer textarea";

/** What a visitor asks in the form, and so says first. */
export const QUESTION = "Where is my order 1042?";

/** What a visitor writes into a field of each kind. */
const WRITES = {
  text: "Alice Moreau",
  email: "alice@example.org",
  textarea: QUESTION,
};

export class Visitor {
  /** The page, and the form that its site asks (`protocol::form::Form`). */
  constructor(page, form) {
    this.page = page;
    this.form = form;
  }

  /** Comes to a page that embeds the site. `world.hostOf` made it. */
  static async arrive(browser, server, { url, site }, { before } = {}) {
    const page = await browser.page();
    await before?.(page);
    await page.goto(url, { waitUntil: "load" });
    await deep.find(page, LAUNCHER);
    return new Visitor(page, await formOf(server, site, new URL(url).origin));
  }

  async open() {
    await deep.click(this.page, LAUNCHER);
    await deep.find(this.page, `${FORM}, .log`, { timeout: 30_000 });
  }

  /** Closes with the widget's own button. */
  async close() {
    await deep.click(this.page, '.head [aria-label="Close"]');
    await deep.gone(this.page, ".head");
  }

  /** The CSS selector of a field's control. */
  control(field) {
    const at = this.form.fields.indexOf(field);
    return field.type === "radio" || field.type === "checkbox"
      ? `[name="fd-q${at}"]`
      : `#fd-q${at}`;
  }

  /** The CSS selector of what is said to be wrong about a field. */
  complaint(field) {
    return `#fd-q${this.form.fields.indexOf(field)}-error`;
  }

  /** Answers what has to be answered, and what is asked in words. `but` overrides, by field name. */
  async answer(but = {}) {
    for (const field of this.form.fields) {
      const control = this.control(field);
      const text = but[field.name] ?? WRITES[field.type];
      if (text !== undefined) {
        if (text === "") continue;
        await deep.fill(this.page, control, text);
      } else if (field.type === "select") {
        await (await deep.find(this.page, control)).select(field.options[0].value);
      } else if (field.required) {
        await deep.click(this.page, control);
      }
    }
  }

  async submit() {
    await deep.click(this.page, `${FORM} .cta`);
  }

  /** From the launcher to the open chat. */
  async startChat() {
    await this.open();
    await this.answer();
    await this.submit();
    await this.inChat();
  }

  /** Waits until messages can be written. */
  async inChat(timeout = 30_000) {
    await deep.find(this.page, COMPOSER, { timeout });
  }

  /** Waits until the connection stands: the header says neither "Connecting" nor a banner more. */
  async connected(timeout = 60_000) {
    await until("the visitor to be connected", async () => {
      const [line] = await deep.allTexts(this.page, ".head .who p");
      return line && !/connecting/i.test(line) && !(await bannerText(this.page));
    }, timeout);
  }

  /** Writes one message and sends it with Enter; the composer is empty once it is safe. */
  async say(text) {
    const composer = await deep.find(this.page, COMPOSER);
    await composer.focus();
    await this.page.keyboard.sendCharacter(text);
    await this.page.keyboard.press("Enter");
    await until("the composer to be empty", () => composer.evaluate((node) => node.value === ""));
  }

  timeline() {
    return timeline(this.page, WIDGET);
  }

  async texts() {
    return (await this.timeline()).map(({ text }) => text);
  }

  /** Goes up until `count` messages are there: a reload brings the newest page alone. */
  async readFromTheStart(count) {
    await until(`${count} messages to be loaded`, async () => {
      const { length } = await this.timeline();
      if (length < count) await scrollToOldest(this.page);
      return length >= count;
    }, 30_000);
  }

  /** The running chat's SID, from the widget's own storage. */
  channel() {
    return this.page.evaluate(() => {
      const key = Object.keys(localStorage).find((key) => /^frontdesk:.*:session$/.test(key));
      return key && JSON.parse(localStorage.getItem(key)).channel;
    });
  }
}

/** What the banner says, "" if it is not there. */
export async function bannerText(page) {
  return page.evaluate(() => {
    const banner = document.querySelector("front-desk")?.shadowRoot.querySelector(".banner");
    return banner?.checkVisibility() ? banner.querySelector("span").textContent : "";
  });
}

async function formOf(server, site, origin) {
  const answer = await fetch(`${server.url}/v1/Sites/${site}`, { headers: { origin } });
  if (!answer.ok) throw new Error(`the site's configuration: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).form;
}
