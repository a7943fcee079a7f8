// A WebSocket client of Node: its own, or where it has none the library ws. node websocket.js URL COUNT
// Sends so many messages of many lengths, text and binary, and checks their echoes.
'use strict';
const Socket = globalThis.WebSocket ?? require('ws').WebSocket;

const [url, count] = [process.argv[2], Number(process.argv[3])];
const message = (i) => {
    const text = `message ${i} `.repeat((i * i) % 3000);
    return i % 2 ? text : new TextEncoder().encode(text);
};
const same = (got, wanted) =>
    typeof wanted === 'string' ? got === wanted : Buffer.from(got).equals(Buffer.from(wanted));

const socket = new Socket(url);
socket.binaryType = 'arraybuffer';
let seen = 0;
let failure = '';
socket.onopen = () => {
    for (let i = 0; i < count; i++) socket.send(message(i));
};
socket.onmessage = (event) => {
    if (!same(event.data, message(seen))) failure = `another answer to message ${seen}`;
    if (++seen === count || failure) socket.close(1000);
};
socket.onerror = (event) => {
    failure = `broken behind message ${seen}: ${event.message ?? ''}`;
};
socket.onclose = (event) => {
    if (!failure && event.code === 1000 && seen === count) {
        console.log('ok', count);
    } else {
        console.error(failure || `closed with ${event.code} behind message ${seen}`);
        process.exitCode = 1;
    }
};
