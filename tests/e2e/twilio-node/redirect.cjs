// Preloaded by `node -r`: what the official library says to *.twilio.com goes to
// the server that TWILIO_REDIRECT names. The program that uses it stays as it is.

const http = require("node:http");
const https = require("node:https");

const server = new URL(process.env.TWILIO_REDIRECT);
const elsewhere = https.request;

https.request = (options, ...rest) => {
  const host = options.hostname ?? options.host ?? "";
  if (!host.endsWith(".twilio.com")) return elsewhere(options, ...rest);
  const there = { ...options, protocol: "http:", hostname: server.hostname, host: server.hostname };
  return http.request({ ...there, port: server.port, agent: undefined }, ...rest);
};
