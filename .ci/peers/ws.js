// WebSockets with the library ws. An origin: node ws.js serve PORT [KEY-FILE CERTIFICATE-FILE]; one that speaks HTTP/2, and within TLS
// HTTP/1.1 too: serve2. A client of it: node ws.js WHAT URL [CA-FILE]; what WHAT can be is below, and AUTHORITY the host to ask for.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const http2 = require('node:http2');
const https = require('node:https');
const { once } = require('node:events');
const { Duplex } = require('node:stream');
const { WebSocket, WebSocketServer } = require('ws');

// What the origin does with the first message, by path; all else are echoes.
const ON_MESSAGE = {
    '/ws/close': (socket, text) => socket.close(Number(text), `because ${text}`),
    '/ws/drop': (socket) => socket.terminate(),
    '/ws/ping': (socket, text) => {
        socket.on('pong', (data) => socket.send(`pong ${data}`));
        socket.ping(text);
    },
};

function serve(version, port, keyFile, certificateFile) {
    const files = keyFile && { key: fs.readFileSync(keyFile), cert: fs.readFileSync(certificateFile) };
    const sockets = new WebSocketServer({
        noServer: true,
        perMessageDeflate: { threshold: 0 },
        maxPayload: 64 * 1024 * 1024,
        handleProtocols: (offered) => offered.has('second') && 'second',
        verifyClient: ({ req }, done) => done(req.url !== '/ws/refuse', 401, 'not you', { 'x-why': 'because' }),
    });
    sockets.on('connection', (socket, request) => {
        socket.on('error', () => {});
        let last = '';
        socket.on('message', (message, isBinary) => {
            const action = ON_MESSAGE[request.url];
            if (action) action(socket, message.toString());
            else if (request.url === '/ws/closed') last = message.toString();
            else socket.send(message, { binary: isBinary });
        });
        socket.on('close', (code, reason) => request.url === '/ws/closed' && console.log(`closed ${last} ${code} ${reason}`));
    });
    const accept = (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request));
    const server = version === 1 ? http1Server(files, accept) : http2Server(files, accept);
    server.listen(port, '127.0.0.1', () => console.log('ready'));
}

function http1Server(files, accept) {
    const server = files ? https.createServer(files) : http.createServer();
    return server.on('upgrade', accept);
}

// By extended CONNECT (RFC 8441); all else is found.
function http2Server(files, accept) {
    const options = { ...files, allowHTTP1: true, settings: { enableConnectProtocol: true } };
    const server = files ? http2.createSecureServer(options) : http2.createServer(options);
    return server.on('upgrade', accept).on('stream', (stream, fields) => {
        stream.on('error', () => {});
        if (fields[':method'] !== 'CONNECT' || fields[':protocol'] !== 'websocket') {
            stream.respond({ ':status': 200 });
            stream.end('by HTTP/2');
            return;
        }
        assert.equal(fields['sec-websocket-key'], undefined);
        const asked = { ...fields, upgrade: 'websocket', connection: 'upgrade', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
        const socket = new SocketOnStream(stream);
        accept({ method: 'GET', url: fields[':path'], headers: asked, socket }, socket, Buffer.alloc(0));
    });
}

// The library speaks HTTP/1.1. What it says first is a response head, which becomes one of HTTP/2; the rest is content.
class SocketOnStream extends Duplex {
    constructor(stream) {
        super();
        this.stream = stream;
        this.hasResponded = false;
        stream.on('data', (piece) => this.push(piece) || stream.pause());
        stream.on('end', () => this.push(null));
        stream.on('close', () => this.destroy());
    }

    _read() {
        this.stream.resume();
    }

    _write(bytes, encoding, done) {
        let content = bytes;
        if (!this.hasResponded) {
            this.hasResponded = true;
            const text = bytes.toString('latin1');
            const end = text.indexOf('\r\n\r\n');
            const [first, ...lines] = text.slice(0, end).split('\r\n');
            const status = Number(first.split(' ')[1]);
            const fields = { ':status': status === 101 ? 200 : status };
            for (const line of lines) {
                const [name, value] = line.split(': ');
                if (!/^(upgrade|connection|sec-websocket-accept)$/i.test(name)) fields[name.toLowerCase()] = value;
            }
            this.stream.respond(fields);
            content = bytes.subarray(end + 4);
        }
        if (content.length === 0) done();
        else this.stream.write(content, done);
    }

    _final(done) {
        this.stream.end(done);
    }

    _destroy(error, done) {
        const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = http2.constants;
        if (!this.writableFinished) this.stream.close(NGHTTP2_CANCEL);
        else if (!this.readableEnded) this.stream.close(NGHTTP2_NO_ERROR);
        done(error);
    }
}

const [what, target, caFile] = process.argv.slice(2);

const common = () => ({
    ca: caFile && fs.readFileSync(caFile),
    servername: 'localhost',
    headers: { host: process.env.AUTHORITY },
    maxPayload: 64 * 1024 * 1024,
});

async function connect(path, { protocols = [], ...options } = {}) {
    const socket = new WebSocket(target + path, protocols, { ...common(), ...options });
    await once(socket, 'open');
    return socket;
}

async function closed(socket) {
    const [code, reason] = await once(socket, 'close');
    return [code, reason.toString()];
}

async function leave(socket) {
    const end = closed(socket);
    socket.close(1000);
    assert.deepEqual(await end, [1000, '']);
}

async function echo(socket, message) {
    socket.send(message);
    const [got, isBinary] = await once(socket, 'message');
    assert.equal(isBinary, Buffer.isBuffer(message));
    assert.ok(got.equals(Buffer.from(message)), `${got.length} instead of ${message.length} bytes`);
}

// Without a pattern that compresses.
const noise = (length) => require('node:crypto').randomBytes(length);

const ACTIONS = {
    // Of lengths around those where the header of a frame changes.
    async messages() {
        const socket = await connect('/ws/echo', { perMessageDeflate: false });
        assert.equal(socket.extensions, '');
        for (const length of [0, 1, 125, 126, 127, 65535, 65536, 65537]) {
            await echo(socket, noise(length));
            await echo(socket, 'ü'.repeat(length / 2));
        }
        await leave(socket);
    },

    async deflate() {
        const socket = await connect('/ws/echo', { perMessageDeflate: { threshold: 0 } });
        assert.match(socket.extensions, /^permessage-deflate/);
        for (const length of [0, 1, 1000, 100_000, 3_000_000]) {
            await echo(socket, 'again and '.repeat(length / 10));
            await echo(socket, noise(length));
        }
        await leave(socket);
    },

    async large() {
        const socket = await connect('/ws/echo');
        const messages = Array.from({ length: 20 }, () => noise(1024 * 1024));
        let seen = 0;
        const all = new Promise((resolve, reject) =>
            socket.on('message', (got) => {
                if (!got.equals(messages[seen])) reject(new Error(`message ${seen} is another`));
                if (++seen === messages.length) resolve();
            }));
        for (const message of messages) socket.send(message);
        await all;
        await leave(socket);
    },

    async fragments() {
        const socket = await connect('/ws/echo');
        for (let i = 0; i < 100; i++) {
            socket.send(`piece ${i},`, { fin: i === 99 });
            if (i % 10 === 0) socket.ping(); // may stand between them
        }
        const [got] = await once(socket, 'message');
        assert.equal(got.toString(), Array.from({ length: 100 }, (_, i) => `piece ${i},`).join(''));
        await leave(socket);
    },

    async pings() {
        const socket = await connect('/ws/ping');
        for (let i = 0; i < 20; i++) {
            socket.ping(`ping ${i}`);
            const [data] = await once(socket, 'pong');
            assert.equal(data.toString(), `ping ${i}`);
        }
        socket.send('theirs');
        const [got] = await once(socket, 'message');
        assert.equal(got.toString(), 'pong theirs');
        await leave(socket);
    },

    // From the origin, and from here; the latter the origin prints.
    async closes() {
        for (const code of [1000, 1001, 1003, 1009, 1011, 3000, 4999]) {
            const ended = await connect('/ws/close');
            ended.send(String(code));
            assert.deepEqual(await closed(ended), [code, `because ${code}`]);
        }
        for (const code of [1000, 3001, 4001]) {
            const ending = await connect('/ws/closed');
            ending.send(target);
            ending.close(code, 'enough');
            assert.deepEqual(await closed(ending), [code, 'enough']);
        }
    },

    async drops() {
        const socket = await connect('/ws/drop');
        socket.on('error', () => {});
        socket.send('now');
        assert.equal((await closed(socket))[0], 1006);
    },

    async refusals() {
        const socket = new WebSocket(`${target}/ws/refuse`, common());
        const [, response] = await once(socket, 'unexpected-response');
        assert.equal(response.statusCode, 401);
        assert.equal(response.headers['x-why'], 'because');
        process.exit(0);
    },

    async protocols() {
        const socket = await connect('/ws/echo', { protocols: ['first', 'second'] });
        assert.equal(socket.protocol, 'second');
        await leave(socket);
    },

    async many() {
        const one = async (i) => {
            const socket = await connect('/ws/echo');
            for (let k = 0; k < 20; k++) await echo(socket, `${i} ${k} `.repeat(k * 10));
            await leave(socket);
        };
        await Promise.all(Array.from({ length: 200 }, (_, i) => one(i)));
    },
};

if (what === 'serve' || what === 'serve2') {
    serve(what === 'serve' ? 1 : 2, ...process.argv.slice(3));
} else {
    ACTIONS[what]().catch((failure) => {
        console.error(failure);
        process.exit(1);
    });
}
