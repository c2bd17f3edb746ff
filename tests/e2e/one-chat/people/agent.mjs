// Somebody at the console.

import { deep, until } from "../../lib/index.mjs";
import { CONSOLE, timeline } from "./timeline.mjs";

export const COMPOSER = ".composer textarea";

export class Agent {
  constructor(page, me) {
    this.page = page;
    this.name = me.name;
  }

  /** Signs in as the server's first agent. */
  static async signIn(browser, server, { base = server.url } = {}) {
    const { agent } = await server.credentials();
    const page = await browser.page(`${base}/console/`);
    await deep.fill(page, 'input[name="username"]', agent.name);
    await deep.fill(page, 'input[name="password"]', agent.password);
    await deep.click(page, 'button[type="submit"]');
    await deep.find(page, "[role=tablist]", { timeout: 30_000 });
    return new Agent(page, agent);
  }

  async tab(id) {
    await deep.click(this.page, `#tab-${id}`);
  }

  /** The names in the list that is shown. */
  listed() {
    return deep.allTexts(this.page, "button.chat .name");
  }

  /** Puts the first chat of the list on the desk. */
  async choose(selector = "button.chat") {
    await deep.click(this.page, selector);
    await deep.find(this.page, "[role=log]");
  }

  /** Takes the oldest chat that waits. */
  async accept() {
    await this.tab("waiting");
    await this.choose();
    await deep.click(this.page, ".notyet .button.main");
    await deep.find(this.page, COMPOSER);
  }

  /** Closes the chat on the desk, and means it. */
  async closeChat() {
    await deep.click(this.page, ".pane .head > .button");
    await deep.click(this.page, ".pane .sure .grave");
  }

  async say(text) {
    const composer = await deep.find(this.page, COMPOSER);
    await composer.focus();
    await this.page.keyboard.sendCharacter(text);
    await this.page.keyboard.press("Enter");
    await until("the composer to be empty", () => composer.evaluate((node) => node.value === ""));
  }

  timeline() {
    return timeline(this.page, CONSOLE);
  }

  async texts() {
    return (await this.timeline()).map(({ text }) => text);
  }

  /** Asks for earlier messages until `count` are there. */
  async readFromTheStart(count) {
    await until(`${count} messages to be loaded`, async () => {
      const { length } = await this.timeline();
      if (length >= count) return true;
      const button = await this.page.$('.earlier:not([aria-disabled="true"])');
      await button?.click();
      return false;
    }, 30_000);
  }

  /** What went wrong on the page. That nobody is signed in yet is its first answer, and no error. */
  errors() {
    return this.page.record.errors.filter((text) => !/status of 401/.test(text));
  }

  /** Whether the console says that it is connected. */
  connected(timeout = 60_000) {
    return deep.find(this.page, ".presence.live", { timeout });
  }
}
