// The pre-engagement form.

import assert from "node:assert/strict";
import { deep, scenario, settled } from "../lib/index.mjs";
import { Agent, FORM, QUESTION, Visitor, oneChat, streamOf, tasksOf } from "./people/index.mjs";

scenario("a wrong answer is named at its field and no answer is lost", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const visitor = await Visitor.arrive(await world.browser("visitor"), server, shop);
  const { page, form } = visitor;
  const email = form.fields.find(({ type }) => type === "email");
  const empty = form.fields.find(({ required, type }) => required && /^text/.test(type));
  assert.ok(email && empty, "the form of a new site asks for an e-mail address and something required");

  await visitor.open();
  await world.picture(page, "form");
  await visitor.answer({ [empty.name]: "", [email.name]: "alice@" });
  const before = await answers(page);
  await visitor.submit();

  await deep.hasText(page, visitor.complaint(empty), /\w/);
  await deep.hasText(page, visitor.complaint(email), /address/);
  for (const field of [empty, email]) {
    const tied = await deep.on(page, visitor.control(field), (control) => ({
      invalid: control.getAttribute("aria-invalid"),
      described: control.getAttribute("aria-describedby").split(" ").map((id) =>
        control.getRootNode().getElementById(id)?.textContent ?? "missing").join(""),
    }));
    assert.equal(tied.invalid, "true", field.name);
    assert.match(tied.described, /\w/, field.name);
  }
  const focused = await page.evaluate(() => document.querySelector("front-desk").shadowRoot.activeElement?.id);
  assert.equal(`#${focused}`, visitor.control(form.fields.find((field) => field === empty || field === email)));
  assert.deepEqual(await answers(page), before);
  assert.ok(!page.record.requests.some(({ url }) => url.endsWith("/v1/WebChannels")));
  await world.picture(page, "form-errors");

  await visitor.answer({ [empty.name]: "Alice Moreau", [email.name]: "alice@example.org" });
  await visitor.submit();
  await visitor.inChat();
});

scenario("the agent sees what the form was answered and on which page", async (world) => {
  const { visitor, agent, shop } = await oneChat(world);

  await visitor.startChat();
  await agent.tab("waiting");
  await deep.hasText(agent.page, "button.chat .name", "Alice Moreau");
  await deep.hasText(agent.page, "button.chat .last", QUESTION);
  await world.picture(agent.page, "console-list");
  await agent.choose();

  for (const text of ["alice@example.org", QUESTION, new URL(shop.url).host]) {
    await deep.hasText(agent.page, ".details", text);
  }
});

scenario("a double-clicked form opens one channel", async (world) => {
  const { visitor, agent } = await oneChat(world);

  await visitor.open();
  await visitor.answer();
  const button = await deep.find(visitor.page, `${FORM} .cta`);
  await button.click({ count: 2 });
  await visitor.inChat();

  const tasks = await settled("chats", () => tasksOf(agent.page), 1_500);
  assert.deepEqual(tasks.map(({ channel }) => channel), [await visitor.channel()]);
  assert.equal((await agent.listed()).length, 1);
});

// The conversation began empty: what the visitor had asked stood beside it only.
scenario("the question is the first message, once, though the page dies before it knows the channel", async (world) => {
  const { visitor, agent } = await oneChat(world);
  const { page } = visitor;
  await visitor.open();
  await visitor.answer();
  // The form reaches the server, and its answer never the page.
  await page.setRequestInterception(true);
  let cut;
  const posted = new Promise((done) => {
    cut = async (request) => {
      if (request.method() !== "POST" || !request.url().endsWith("/v1/WebChannels")) return request.continue();
      const [headers, body] = [request.headers(), await request.fetchPostData()];
      await fetch(request.url(), { method: "POST", headers, body });
      await request.abort();
      done();
    };
  });
  page.on("request", cut);
  await visitor.submit();
  await posted;
  page.off("request", cut);
  await page.setRequestInterception(false);
  await page.reload({ waitUntil: "load" });
  await visitor.open();
  await visitor.inChat();
  await deep.hasText(page, ".msg", QUESTION);

  assert.equal((await tasksOf(agent.page)).length, 1);
  const { messages } = await streamOf(agent.page, await visitor.channel());
  assert.deepEqual(messages.map(({ body }) => body), [QUESTION]);
  assert.deepEqual(await visitor.texts(), [QUESTION]);
});

scenario("a second tab joins the chat that runs and sends nothing twice", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const [browser, console] = await Promise.all([world.browser("visitor"), world.browser("agent")]);
  const [first, second] = [
    await Visitor.arrive(browser, server, shop),
    await Visitor.arrive(browser, server, shop),
  ];
  const agent = await Agent.signIn(console, server);

  await first.page.bringToFront();
  await first.startChat();
  await first.say("From the first tab");
  await second.page.bringToFront();
  await second.open();

  // The chat runs already: the second tab shows it, and asks nothing again.
  await deep.hasText(second.page, ".msg", "From the first tab");
  await second.say("From the second tab");
  await deep.hasText(first.page, ".msg", "From the second tab");
  assert.equal((await tasksOf(agent.page)).length, 1);
});

/** What stands in the form's controls. */
function answers(page) {
  return page.evaluate(() =>
    [...document.querySelector("front-desk").shadowRoot.querySelectorAll(".form .ctl, .form .tick")].map(
      (control) => (control.type === "checkbox" || control.type === "radio" ? control.checked : control.value),
    ));
}
