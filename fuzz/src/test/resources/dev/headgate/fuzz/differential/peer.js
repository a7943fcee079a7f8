// Node's HTTP parser at both of its ends: reads requests on one Unix-domain socket, passes each on, whole, to an
// origin, and passes the whole response back, with what a response cannot carry (interim responses, trailers) in fields.
// Usage: node peer.js LISTEN_SOCKET ORIGIN_HOST:PORT
'use strict';

const http = require('http');
const [listenSocket, origin] = process.argv.slice(2);
const [host, port] = origin.split(':');

// One connection that is kept, so that a wrong boundary spoils the next message.
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const REWRITTEN = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'te', 'trailer', 'expect',
    'upgrade', 'host', 'proxy-connection']);

function collect(message, done) {
    const pieces = [];
    message.on('data', piece => pieces.push(piece));
    message.on('end', () => done(Buffer.concat(pieces)));
    message.on('error', () => done(null));
}

function fieldsOf(message, more) {
    const lines = [];
    for (let i = 0; i < message.rawHeaders.length; i += 2) {
        if (!REWRITTEN.has(message.rawHeaders[i].toLowerCase())) {
            lines.push(message.rawHeaders[i], message.rawHeaders[i + 1]);
        }
    }
    for (let i = 0; i < message.rawTrailers.length; i += 2) {
        lines.push('X-Judge-Trailer', message.rawTrailers[i] + ': ' + message.rawTrailers[i + 1]);
    }
    return lines.concat(more);
}

const server = http.createServer({ keepAlive: true }, (request, response) => {
    collect(request, body => body && forward(request, body, response));
});

function forward(request, body, response) {
    const interim = [];
    const fields = fieldsOf(request, ['Host', 'judge', 'X-Judge-Host', '<' + (request.headers.host ?? '') + '>']);
    if (body.length > 0) {
        fields.push('Content-Length', String(body.length));
    }
    const outgoing = http.request({
        agent, host, port, method: request.method, path: request.url, headers: fields
    }, incoming => {
        collect(incoming, content => {
            if (content === null || !incoming.complete) {
                request.socket.destroy();
            } else {
                answer(response, incoming, content, interim);
            }
        });
    });
    outgoing.on('information', info => interim.push(info.statusCode));
    outgoing.on('upgrade', (incoming, socket) => {
        socket.destroy();
        request.socket.destroy();
    });
    outgoing.on('error', () => request.socket.destroy());
    outgoing.end(body);
}

function answer(response, incoming, content, interim) {
    const fields = fieldsOf(incoming, interim.flatMap(status => ['X-Judge-Interim', String(status)]));
    if (incoming.statusCode !== 204 && incoming.statusCode !== 304) {
        fields.push('Content-Length', String(content.length));
    }
    response.sendDate = false;
    try {
        response.writeHead(incoming.statusCode, fields);
        response.end(response.req.method === 'HEAD' ? undefined : content);
    } catch (unwritable) {
        response.socket.destroy();
    }
}

server.httpAllowHalfOpen = true;
server.keepAliveTimeout = 600000;
server.maxRequestsPerSocket = 0;
server.listen(listenSocket);
process.stdin.on('end', () => process.exit(0)).resume(); // Never outlives the test that started it.
