// A gRPC client on the library grpc-js: node grpc-client.js WHAT HOST:PORT [CA-FILE], with grpc-server.js at the other end, test.Dead leading
// to no server, test.Mute to one that says nothing, and test.Slow having half a second for each call. What WHAT can be is below.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const http2 = require('node:http2');
const { once } = require('node:events');
const { setTimeout: pause } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');

const [what, target, caFile] = process.argv.slice(2);
const { status } = grpc;
const ca = caFile && fs.readFileSync(caFile);
const client = new grpc.Client(target, ca ? grpc.credentials.createSsl(ca) : grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.enable_retries': 0,
});

const asIs = (bytes) => bytes;
const path = (name) => (name.includes('/') ? `/${name}` : `/test.Echo/${name}`);
const soon = () => ({ deadline: Date.now() + 30_000 });
const bytes = (length) => Buffer.alloc(length, (i) => 'abcdefghij');

// Resolves to all that there is to know of a unary call.
function ask(name, message = Buffer.from('hello'), { metadata = new grpc.Metadata(), options = soon() } = {}) {
    return new Promise((resolve) => {
        const got = {};
        const call = client.makeUnaryRequest(path(name), asIs, asIs, message, metadata, options, (failure, answer) => {
            got.failure = failure;
            got.answer = answer;
        });
        got.call = call;
        call.on('metadata', (fields) => (got.metadata = fields));
        call.on('status', (fields) => resolve({ ...got, ...fields, trailers: fields.metadata }));
    });
}

// Resolves to the status of a call that streams.
const endOf = (call) =>
    new Promise((resolve) => {
        call.on('error', () => {});
        call.on('status', resolve);
    });

const given = async () => JSON.parse((await ask('Given')).answer);

async function until(isTrue, otherwise) {
    const deadline = Date.now() + 10_000;
    while (!(await isTrue())) {
        assert.ok(Date.now() < deadline, otherwise);
        await pause(20);
    }
}

const ACTIONS = {
    async unary() {
        const metadata = new grpc.Metadata();
        metadata.set('x-tag', 'one');
        metadata.add('x-tag', 'two');
        metadata.set('x-tag-bin', Buffer.from([0, 255, 10]));
        for (const length of [0, 1, 5, 16379, 16384, 100_000]) {
            const got = await ask('Say', bytes(length), { metadata });
            assert.equal(got.code, status.OK, got.details);
            assert.ok(got.answer.equals(bytes(length)));
            for (const fields of [got.metadata, got.trailers]) {
                assert.deepEqual(fields.get('x-said').join(', '), 'one, two');
                assert.deepEqual(fields.get('x-said-bin'), [Buffer.from([0, 255, 10])]);
            }
        }
    },

    async fromClient() {
        const done = new Promise((resolve, reject) => {
            const call = client.makeClientStreamRequest(path('Collect'), asIs, asIs, soon(), (failure, answer) =>
                failure ? reject(failure) : resolve(JSON.parse(answer)));
            for (let i = 0; i < 1000; i++) call.write(bytes(i));
            call.end();
        });
        assert.deepEqual(await done, { count: 1000, length: (999 * 1000) / 2 });
    },

    async fromServer() {
        const call = client.makeServerStreamRequest(path('Count'), asIs, asIs, Buffer.from('1000'), soon());
        const ended = endOf(call);
        let i = 0;
        for await (const message of call) {
            assert.equal(message.toString(), `${i} `.repeat(i));
            i++;
        }
        assert.equal(i, 1000);
        assert.equal((await ended).code, status.OK);
    },

    // Each message goes only when the one before has come back.
    async both() {
        const call = client.makeBidiStreamRequest(path('Talk'), asIs, asIs, soon());
        const ended = endOf(call);
        for (let i = 0; i < 200; i++) {
            call.write(bytes(i * 100));
            const [message] = await once(call, 'data');
            assert.ok(message.equals(bytes(i * 100)));
        }
        call.end();
        assert.equal((await ended).code, status.OK);
    },

    async errors() {
        const got = await ask('Fail');
        assert.equal(got.code, status.FAILED_PRECONDITION, got.details);
        assert.equal(got.details, 'nicht möglich: 100 %');
        assert.deepEqual(got.trailers.get('x-why-bin'), [Buffer.from([0, 1, 254, 255])]);
        assert.equal((await ask('Nothing')).code, status.UNIMPLEMENTED);
    },

    async deadline() {
        const { cancelled: before } = await given();
        const got = await ask('Wait', undefined, { options: { deadline: Date.now() + 400 } });
        assert.equal(got.code, status.DEADLINE_EXCEEDED, got.details);
        await until(async () => (await given()).cancelled > before, 'the server has not learned of it');
        const { givenMs } = await given();
        assert.ok(givenMs > 0 && givenMs <= 400, `the server was given ${givenMs} ms`);
    },

    // The route's.
    async proxyDeadline() {
        const { cancelled: before } = await given();
        const got = await ask('test.Slow/Wait');
        assert.equal(got.code, status.DEADLINE_EXCEEDED, got.details);
        await until(async () => (await given()).cancelled > before, 'the server has not learned of it');
        assert.equal((await ask('test.Slow/Say')).code, status.OK);
    },

    // The caller's, who does not look at the clock again, nor does the server.
    async keptDeadline() {
        const session = http2.connect(`${ca ? 'https' : 'http'}://${target}`, { ca });
        const stream = session.request({
            ':method': 'POST',
            ':path': '/test.Mute/Wait',
            'content-type': 'application/grpc',
            te: 'trailers',
            'grpc-timeout': '300m',
        });
        stream.end(Buffer.from([0, 0, 0, 0, 0]));
        const [head] = await once(stream, 'response');
        stream.resume();
        assert.equal(head[':status'], 200);
        assert.equal(head['content-type'], 'application/grpc');
        assert.equal(head['grpc-status'], String(status.DEADLINE_EXCEEDED));
        session.close();
    },

    async cancels() {
        const { cancelled: before } = await given();
        const waiting = ask('Wait');
        const calls = [
            client.makeServerStreamRequest(path('Drip'), asIs, asIs, Buffer.from('x'), soon()),
            client.makeBidiStreamRequest(path('Talk'), asIs, asIs, soon()),
        ];
        calls[1].write(Buffer.from('x'));
        const unary = client.makeUnaryRequest(path('Wait'), asIs, asIs, Buffer.alloc(0), soon(), () => {});
        const ends = calls.map(endOf);
        await Promise.all(calls.map((call) => once(call, 'data')));
        await ask('Say'); // behind the unary ones, on the same connection
        for (const call of [...calls, unary]) call.cancel();
        for (const end of ends) assert.equal((await end).code, status.CANCELLED);
        await until(async () => (await given()).cancelled === before + 3, 'the server has not learned of all');
        client.close();
        void waiting;
        process.exit(0); // with a call on its way
    },

    async large() {
        const message = bytes(4 * 1024 * 1024);
        const got = await Promise.all(Array.from({ length: 4 }, () => ask('Say', message)));
        for (const { code, details, answer } of got) {
            assert.equal(code, status.OK, details);
            assert.ok(answer.equals(message));
        }
    },

    async thousand() {
        const one = async (i) => {
            const { code, details, answer } = await ask('Say', bytes(i));
            assert.equal(code, status.OK, `${i}: ${details}`);
            assert.equal(answer.length, i);
        };
        await Promise.all(Array.from({ length: 1000 }, (_, i) => one(i)));
    },

    async dead() {
        const got = await ask('test.Dead/Say');
        assert.equal(got.code, status.UNAVAILABLE, got.details);
        assert.equal((await ask('Say')).code, status.OK);
    },

    async unknown() {
        const got = await ask('test.None/Say');
        assert.equal(got.code, status.UNIMPLEMENTED, got.details);
    },

    // Ends with the third line of its input; says when it has begun.
    async outlives() {
        const call = client.makeBidiStreamRequest(path('Talk'), asIs, asIs, soon());
        const ended = endOf(call);
        call.write(Buffer.from('before'));
        assert.equal((await once(call, 'data')).toString(), 'before');
        console.log('begun');
        await once(process.stdin, 'data');
        call.write(Buffer.from('after'));
        assert.equal((await once(call, 'data')).toString(), 'after');
        call.end();
        assert.equal((await ended).code, status.OK);
        process.exit(0);
    },
};

ACTIONS[what]().then(
    () => client.close(),
    (failure) => {
        console.error(failure);
        process.exit(1);
    });
