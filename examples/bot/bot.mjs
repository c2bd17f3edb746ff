// A bot: visitors of a flow with IntegrationType external talk to it, until they ask for a person.
import { createServer } from "node:http";
import twilio from "twilio";

const { ACCOUNT_SID, AUTH_TOKEN, SERVER = "http://localhost:8080", PORT = "3000" } = process.env;
const HOOK = process.env.HOOK ?? `http://localhost:${PORT}/`; // the flow's Integration.Url
const client = twilio(ACCOUNT_SID, AUTH_TOKEN);
client.chat.baseUrl = SERVER;

async function heard({ EventType, InstanceSid, ChannelSid, From, Body, Source }) {
  if (EventType !== "onMessageSent" || Source !== "SDK" || !Body) return;
  const { messages } = client.chat.v2.services(InstanceSid).channels(ChannelSid);
  const wantsPerson = /person|human|agent/i.test(Body);
  const body = wantsPerson ? "One moment, I am getting somebody." : `You said: ${Body}`;
  await messages.create({ from: "bot", body });
  if (!wantsPerson) return;
  const authorization = `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}`;
  const form = new URLSearchParams({ Handover: "agents" });
  await fetch(`${SERVER}/v1/WebChannels/${ChannelSid}`, { method: "POST", headers: { authorization }, body: form });
}

createServer(async (request, response) => {
  const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(await request.toArray()).toString()));
  const isOurs = twilio.validateRequest(AUTH_TOKEN, request.headers["x-twilio-signature"] ?? "", HOOK, fields);
  response.writeHead(isOurs ? 204 : 403).end(); // answer first: a delivery has five seconds
  if (!isOurs) return console.warn(`a call that is not signed for ${HOOK}`);
  await heard(fields).catch((error) => console.error(error));
}).listen(Number(PORT), () => console.log(`the bot listens on ${PORT}`));
