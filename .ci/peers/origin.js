// An origin on Node's own HTTP servers: node origin.js PORT FILE [h2 | CERTIFICATE KEY]
// With h2 it speaks HTTP/2 alone, in plain text; with a certificate HTTP/2 and HTTP/1.1 over TLS, as its client chooses.
//   /file           FILE with its length
//   /file-chunked   FILE in chunks
//   /digest         the length and SHA-256 of the request's content, and how it was framed
//   /echo           the request's content
//   /socket-page    a page that talks over a WebSocket to /ws/echo, which is another origin's, and says itself how that went
//   /page           a page with 100 assets of three kinds, each under /page/; it says itself which of them arrived
'use strict';
const http = require('node:http');
const http2 = require('node:http2');
const fs = require('node:fs');
const crypto = require('node:crypto');

const [port, file] = [Number(process.argv[2]), process.argv[3]];
const ASSETS = 100;

const scripts = [];
const styles = [];
const images = [];
for (let i = 0; i < ASSETS; i++) [scripts, styles, images][i % 3].push(i);

const page = `<!doctype html><html><head><meta charset="utf-8"><title>assets</title>
<link rel="icon" href="data:,">
${styles.map((i) => `<link rel="stylesheet" href="/page/${i}.css">`).join('\n')}
${scripts.map((i) => `<script src="/page/${i}.js"></script>`).join('\n')}
</head><body><p id="result">not loaded</p>
${images.map((i) => `<img src="/page/${i}.svg" alt="">`).join('\n')}
<script>
addEventListener('load', () => {
    const style = getComputedStyle(document.documentElement);
    const styles = ${JSON.stringify(styles)}.filter((i) => style.getPropertyValue('--asset' + i).trim() === String(i));
    const images = [...document.images].filter((image) => image.complete && image.naturalWidth === 16);
    const arrived = (window.assets || []).length + styles.length + images.length;
    document.getElementById('result').textContent = 'arrived: ' + arrived;
});
</script></body></html>`;

// The image that comes late holds back the end of loading, which is when a browser that only dumps the page looks at it.
const socketPage = `<!doctype html><html><head><meta charset="utf-8"><title>socket</title><link rel="icon" href="data:,"></head>
<body><p id="result">nothing</p><img src="/later" alt=""><script>
const say = (text) => { document.getElementById('result').textContent = text; };
const socket = new WebSocket('ws://' + location.host + '/ws/echo');
const text = (i) => ('message ' + i + ' ').repeat(i * i);
let seen = 0;
socket.onopen = () => { for (let i = 0; i < 50; i++) socket.send(text(i)); };
socket.onmessage = (event) => {
    if (event.data !== text(seen)) say('another answer to ' + seen);
    else if (++seen === 50) socket.close(1000);
};
socket.onerror = () => say('broken behind ' + seen);
socket.onclose = (event) => say('closed: ' + event.code + ' behind ' + seen + ', ' + socket.extensions);
</script></body></html>`;
const LATER_MS = 2000;

// Of different lengths, so that many heads and bodies meet at many places in the buffers.
const padding = (i) => `/*${'x'.repeat((i * i * 7) % 40000)}*/`;

const KINDS = {
    js: ['text/javascript', (i) => `(window.assets = window.assets || []).push(${i});${padding(i)}`],
    css: ['text/css', (i) => `:root{--asset${i}:${i}}${padding(i)}`],
    svg: ['image/svg+xml', (i) => `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><!--${padding(i)}--></svg>`],
};

function asset(path, response) {
    const [, index, kind] = /^\/page\/(\d+)\.(js|css|svg)$/.exec(path) ?? [];
    if (kind === undefined) return end(response, 404, 'text/plain', 'no such asset\n');
    const [type, content] = KINDS[kind];
    if (Number(index) % 2 === 0) return end(response, 200, type, content(Number(index)));
    response.writeHead(200, { 'content-type': type }); // no length: Node sends chunks
    response.write(content(Number(index)));
    response.end();
}

function end(response, status, type, text) {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
    response.end(text);
}

function digest(request, response) {
    const hash = crypto.createHash('sha256');
    const framing = request.httpVersion === '2.0' ? 'h2' : request.headers['transfer-encoding'] ?? 'length';
    let length = 0;
    request.on('data', (bytes) => {
        hash.update(bytes);
        length += bytes.length;
    });
    request.on('end', () => end(response, 200, 'text/plain', `${framing} ${length} ${hash.digest('hex')}\n`));
}

function echo(request, response) {
    const pieces = [];
    request.on('data', (bytes) => pieces.push(bytes));
    request.on('end', () => end(response, 200, 'application/octet-stream', Buffer.concat(pieces).toString('latin1')));
}

function serve(request, response) {
    const path = request.url;
    if (path === '/file' || path === '/file-chunked') {
        const length = path === '/file' ? { 'content-length': fs.statSync(file).size } : {};
        response.writeHead(200, { 'content-type': 'application/octet-stream', ...length });
        fs.createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(response);
    } else if (path === '/digest') {
        digest(request, response);
    } else if (path === '/echo') {
        echo(request, response);
    } else if (path === '/socket-page') {
        end(response, 200, 'text/html', socketPage);
    } else if (path === '/later') {
        setTimeout(() => end(response, 200, 'image/svg+xml', KINDS.svg[1](0)), LATER_MS);
    } else if (path === '/page') {
        end(response, 200, 'text/html', page);
    } else {
        asset(path, response);
    }
}

function createServer(first, second) {
    if (first === 'h2') return http2.createServer(serve);
    if (first !== undefined) {
        const [cert, key] = [fs.readFileSync(first), fs.readFileSync(second)];
        return http2.createSecureServer({ cert, key, allowHTTP1: true }, serve);
    }
    const server = http.createServer(serve);
    server.requestTimeout = 0;
    server.keepAliveTimeout = 60_000;
    return server;
}

createServer(...process.argv.slice(4)).listen(port, '127.0.0.1');
