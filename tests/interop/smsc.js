// A message centre on npm's smpp, a code base that is not ours. It says what it sees as lines of JSON, and does on standard input's word:
// the first word of a message's text decides: "throttle" refuses it twice for now, "refuse" for good, "lose" takes it and drops the link;
// all others are taken, receipted (id in decimal), and answered with "没解决".
const smpp = require('smpp');
const say = (what) => process.stdout.write(JSON.stringify(what) + '\n');
const refused = new Map();
const parts = new Map();
let last = 4000;

function text(message) {
  return message.message;
}

function whole(pdu) {
  const udh = pdu.short_message.udh;
  if (!udh) return text(pdu.short_message);
  const header = udh[0];
  const [reference, total, number] = [header[2], header[3], header[4]];
  const key = `${pdu.destination_addr}:${reference}`;
  if (!parts.has(key)) parts.set(key, new Array(total).fill(null));
  parts.get(key)[number - 1] = text(pdu.short_message);
  if (parts.get(key).includes(null)) return null;
  return parts.get(key).join('');
}

// Every other receipt is bare: a text alone, with no mark in esm_class and no parameters, as many centres send it.
function report(session, pdu, id) {
  if (id % 2 === 0) {
    session.deliver_sm({
      source_addr_ton: 1, source_addr_npi: 1, source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, data_coding: 8,
      short_message: Buffer.from(`id:${id} sub:001 dlvrd:001 submit date:2605011200 done date:2605011201 stat:DELIVERED err:000 text:\xff`, 'latin1'),
    }, (answer) => say({ receipt_acknowledged: answer.command_status }));
    return;
  }
  session.deliver_sm({
    source_addr_ton: 1, source_addr_npi: 1, source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2605011200 done date:2605011201 stat:DELIVRD err:000 text:`,
    receipted_message_id: String(id), message_state: 2,
  }, (answer) => say({ receipt_acknowledged: answer.command_status }));
}

function reply(session, pdu) {
  session.deliver_sm({
    source_addr_ton: 1, source_addr_npi: 1, source_addr: pdu.destination_addr, destination_addr: pdu.source_addr,
    data_coding: 8, short_message: '没解决',
  }, (answer) => say({ reply_acknowledged: answer.command_status }));
}

const server = smpp.createServer({}, (session) => {
  session.on('error', () => {});
  session.on('bind_transceiver', (pdu) => {
    const good = pdu.password === 'secret';
    say({ bind: pdu.system_id, version: pdu.interface_version, good });
    session.send(pdu.response(good ? { system_id: 'npm' } : { command_status: smpp.ESME_RINVPASWD }));
  });
  session.on('enquire_link', (pdu) => { say({ enquire_link: true }); session.send(pdu.response()); });
  session.on('unbind', (pdu) => { say({ unbind: true }); session.send(pdu.response()); session.close(); });
  session.on('submit_sm', (pdu) => {
    const key = pdu.destination_addr;
    const words = text(pdu.short_message);
    if (words.startsWith('throttle') && (refused.get(key) || 0) < 2) {
      refused.set(key, (refused.get(key) || 0) + 1);
      session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
      return;
    }
    if (words.startsWith('refuse')) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
      return;
    }
    last += 1;
    const id = last;
    say({ submit: key, from: pdu.source_addr, coding: pdu.data_coding, validity: Boolean(pdu.validity_period) });
    const complete = whole(pdu);
    if (complete !== null) say({ text: complete, to: key });
    if (words.startsWith('lose') && !refused.has(key)) {
      refused.set(key, 1);
      session.socket.destroy();
      setTimeout(() => sessions.forEach((other) => report(other, pdu, id)), 700);
      return;
    }
    session.send(pdu.response({ message_id: id.toString(16) }));
    setTimeout(() => { report(session, pdu, id); if (complete !== null) reply(session, pdu); }, 50);
  });
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
});
const sessions = new Set();
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
