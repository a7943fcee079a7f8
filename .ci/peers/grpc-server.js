// A gRPC server on the library grpc-js, with bytes as messages: node grpc-server.js PORT [KEY-FILE CERTIFICATE-FILE]
// The services test.Echo and test.Slow are the same:
//   Say      unary: the message, with what is in the metadata x-tag and x-tag-bin as x-said and x-said-bin, ahead and behind
//   Fail     unary: FAILED_PRECONDITION, with a text that is not ASCII and the metadata x-why-bin
//   Collect  from the client: number and length of its messages, as JSON
//   Count    from the server: as many messages as the request says, each its number that many times
//   Talk     both: each message as it comes
//   Wait     unary: never; Drip from the server: the request, every 20 ms, and never an end
//   Given    unary: how many calls have been cancelled, and how long the last Wait was given, as JSON
'use strict';
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');

const [port, keyFile, certificateFile] = process.argv.slice(2);
let cancelled = 0;
let givenMs = null;

const asIs = (bytes) => bytes;
const method = (service, name, requestStream, responseStream) => ({
    path: `/${service}/${name}`,
    requestStream,
    responseStream,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
});
const json = (value) => Buffer.from(JSON.stringify(value));

function metadataOf(call) {
    const said = new grpc.Metadata();
    for (const [asked, name] of [['x-tag', 'x-said'], ['x-tag-bin', 'x-said-bin']]) {
        for (const value of call.metadata.get(asked)) said.add(name, value);
    }
    return said;
}

const HANDLERS = {
    Say(call, answer) {
        call.sendMetadata(metadataOf(call));
        answer(null, call.request, metadataOf(call));
    },
    Fail(call, answer) {
        const metadata = new grpc.Metadata();
        metadata.set('x-why-bin', Buffer.from([0, 1, 254, 255]));
        answer({ code: grpc.status.FAILED_PRECONDITION, details: 'nicht möglich: 100 %', metadata });
    },
    Collect(call, answer) {
        let [count, length] = [0, 0];
        call.on('data', (message) => {
            count++;
            length += message.length;
        });
        call.on('end', () => answer(null, json({ count, length })));
    },
    async Count(call) {
        for (let i = 0; i < Number(call.request); i++) {
            if (!call.write(Buffer.from(`${i} `.repeat(i)))) await new Promise((resolve) => call.once('drain', resolve));
        }
        call.end();
    },
    Talk(call) {
        call.on('data', (message) => call.write(message));
        call.on('end', () => call.end());
        call.on('cancelled', () => cancelled++);
    },
    Wait(call) {
        const deadline = call.getDeadline();
        givenMs = Number.isFinite(Number(deadline)) ? deadline - Date.now() : null;
        call.on('cancelled', () => cancelled++);
    },
    Drip(call) {
        const timer = setInterval(() => call.write(call.request), 20);
        call.on('cancelled', () => {
            clearInterval(timer);
            cancelled++;
        });
    },
    Given(call, answer) {
        answer(null, json({ cancelled, givenMs }));
    },
};

const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
for (const service of ['test.Echo', 'test.Slow']) {
    server.addService(
        {
            Say: method(service, 'Say', false, false),
            Fail: method(service, 'Fail', false, false),
            Collect: method(service, 'Collect', true, false),
            Count: method(service, 'Count', false, true),
            Talk: method(service, 'Talk', true, true),
            Wait: method(service, 'Wait', false, false),
            Drip: method(service, 'Drip', false, true),
            Given: method(service, 'Given', false, false),
        },
        HANDLERS);
}
const credentials = keyFile
    ? grpc.ServerCredentials.createSsl(null, [
          { private_key: fs.readFileSync(keyFile), cert_chain: fs.readFileSync(certificateFile) },
      ])
    : grpc.ServerCredentials.createInsecure();
server.bindAsync(`127.0.0.1:${port}`, credentials, (failure) => {
    if (failure) throw failure;
    console.log('ready');
});
