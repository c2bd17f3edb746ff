// The retired service's own example of opening a chat from a server, but for the
// flow, which is ours, and the package's name: three versions run.

const twilio = require(process.argv[2]);
const accountSid = process.env.TWILIO_ACCOUNT_SID;
const authToken = process.env.TWILIO_AUTH_TOKEN;
const client = twilio(accountSid, authToken);

client.flexApi.v1.webChannel
  .create({
    chatFriendlyName: "chat friendly_name",
    customerFriendlyName: "customer_friendly_name",
    flexFlowSid: process.env.FLEX_FLOW_SID,
    identity: "identity",
  })
  .then((web_channel) => console.log(web_channel.accountSid));
