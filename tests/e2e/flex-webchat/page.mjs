// A shop's page with the official web chat, and somebody on it.

import { deep, until } from "../lib/index.mjs";
import { bundle } from "./bundle.mjs";


/** A page of another Origin that embeds the bundle, pointed at the server by configuration alone. */
export async function shopOf(world, server) {
  const { host, site } = await world.hostOf(server);
  const made = await server.credentials();
  const base = server.publicUrl;
  const config = {
    accountSid: made.account_sid,
    flexFlowSid: made.flex_flow_sid,
    tokenServerUrl: `${base}/v1/Accounts/{accountSid}/Tokens`,
    flexWebChannelsUrl: `${base}/v1/WebChannels`,
    startEngagementOnInit: false,
    preEngagementConfig: {
      description: "Please tell us who you are",
      fields: [
        {
          label: "What is your name?",
          type: "InputItem",
          attributes: { name: "friendlyName", type: "text", required: true },
        },
        { label: "What is it about?", type: "TextareaItem", attributes: { name: "question", rows: 3 } },
      ],
      submitLabel: "Begin",
    },
    sdkOptions: {
      chat: {
        twilsock: { uri: `${base.replace("http", "ws")}/v3/wsconnect` },
        Chat: { apiUri: base },
        cdsUri: base,
      },
    },
  };
  host.pages["/webchat.js"] = { body: await bundle(), headers: { "content-type": "text/javascript" } };
  host.pages["/"] = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>A shop</title><link rel="icon" href="data:,"></head>
  <body>
    <h1>A shop</h1>
    <script src="/webchat.js"></script>
    <script>Twilio.FlexWebChat.renderWebChat(${JSON.stringify(config)}).then((chat) => (window.chat = chat));</script>
  </body>
</html>`;
  return { host, site, url: `${host.origin}/` };
}

/** Somebody who uses the official web chat. */
export class Customer {
  constructor(page) {
    this.page = page;
  }

  static async arrive(browser, url) {
    const page = await browser.page(url);
    await deep.find(page, ".Twilio-EntryPoint", { timeout: 30_000 });
    return new Customer(page);
  }

  async open() {
    await deep.click(this.page, ".Twilio-EntryPoint");
  }

  /** Fills in the form and waits for the chat. */
  async begin(name) {
    await deep.fill(this.page, 'input[name="friendlyName"]', name);
    await deep.fill(this.page, 'textarea[name="question"]', "Where is my order?");
    await deep.click(this.page, ".Twilio-DynamicForm-submit");
    await this.inChat();
  }

  inChat() {
    return deep.find(this.page, ".Twilio-MessageInput textarea", { timeout: 30_000 });
  }

  async write(text) {
    const composer = await this.inChat();
    await composer.focus();
    await this.page.keyboard.type(text);
  }

  async say(text) {
    await this.write(text);
    await this.page.keyboard.press("Enter");
  }

  /** What is in the bubbles. */
  texts() {
    return deep.allTexts(this.page, ".Twilio-MessageBubble-Body");
  }

  /** All that is to be read in the chat. */
  shown() {
    return deep.text(this.page, ".Twilio-MainContainer");
  }

  async sees(text, timeout = 15_000) {
    await until(`the customer to see ${text}`, async () => (await this.shown()).includes(text), timeout);
  }
}

