// Node's HTTP/2 client: node http2-client.js WHAT URL [CA-FILE], with the origin of origin.js at the other end. WHAT is one of
//   echoes     1,000 requests with content on one connection, as many at once as the server lets through
//   trailers   behind a request's content and behind a response's
//   hints      103 before a response
//   cancels    40 responses that do not end, given up once they have begun; the connection stays and the origin learns of it
//   breaks     a response that breaks off is a stream that is reset, on a connection that stays
'use strict';
const http2 = require('node:http2');
const fs = require('node:fs');
const assert = require('node:assert/strict');
const { once } = require('node:events');
const { setTimeout: pause } = require('node:timers/promises');

const [what, url, caFile] = process.argv.slice(2);
const { origin, host } = new URL(url);
const authority = process.env.AUTHORITY ?? host;
const session = http2.connect(origin, {
    ca: caFile && fs.readFileSync(caFile),
    servername: 'localhost',
    maxSessionMemory: 100, // MB; what waits for the server to let it through counts too
});
session.on('error', fail);
session.on('goaway', (code) => code && fail(new Error(`GOAWAY ${code}`)));

function fail(failure) {
    console.error(failure);
    process.exit(1);
}

const open = (path, fields = {}, options = {}) =>
    session.request({ ':path': path, ':authority': authority, ...fields }, options);

async function contentOf(stream) {
    const pieces = [];
    for await (const piece of stream) pieces.push(piece);
    return Buffer.concat(pieces);
}

async function ask(path, fields, content) {
    const stream = open(path, { ':method': content === undefined ? 'GET' : 'POST', ...fields }, { endStream: content === undefined });
    if (content !== undefined) stream.end(content);
    const [head] = await once(stream, 'response');
    return { status: head[':status'], head, content: await contentOf(stream) };
}

const ACTIONS = {
    async echoes() {
        const one = async (i) => {
            const text = `request ${i} ${'x'.repeat((i * 37) % 20000)}`;
            const { status, content } = await ask('/echo', {}, text);
            assert.equal(status, 200);
            assert.equal(content.toString(), text);
        };
        await Promise.all(Array.from({ length: 1000 }, (_, i) => one(i)));
    },

    async trailers() {
        const fields = { ':method': 'POST', te: 'trailers', trailer: 'x-sum' };
        const stream = open('/trailers', fields, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '5' }));
        let got;
        stream.on('trailers', (fields) => (got = { ...fields }));
        stream.end('hello');
        assert.equal((await contentOf(stream)).toString(), 'hello');
        assert.equal(got?.['x-answer'], 'done');
        assert.equal(got['x-sum'], '5');
    },

    async hints() {
        const stream = open('/hints');
        const early = [];
        stream.on('headers', (fields) => early.push([fields[':status'], fields.link]));
        const [head] = await once(stream, 'response');
        assert.equal(head[':status'], 200);
        assert.equal((await contentOf(stream)).toString(), 'hinted\n');
        assert.deepEqual(early, [[103, '</page/1.css>; rel=preload; as=style']]);
    },

    async cancels() {
        const abandoned = async () => Number((await ask('/abandoned')).content.toString());
        const before = await abandoned();
        const one = async () => {
            const stream = open('/endless');
            await once(stream, 'data');
            stream.close(http2.constants.NGHTTP2_CANCEL);
            await once(stream, 'close');
        };
        await Promise.all(Array.from({ length: 40 }, one));
        const deadline = Date.now() + 10_000;
        while ((await abandoned()) !== before + 40) {
            assert.ok(Date.now() < deadline, 'the origin has not learned of it');
            await pause(20);
        }
    },

    async breaks() {
        const stream = open('/broken');
        await assert.rejects(contentOf(stream));
        assert.notEqual(stream.rstCode, http2.constants.NGHTTP2_NO_ERROR);
        assert.equal((await ask('/told')).status, 200);
    },
};

ACTIONS[what]().then(() => {
    if (caFile) assert.equal(session.alpnProtocol, 'h2');
    session.close();
}).catch(fail);
