// Node's own client: node client.js URL CA-FILE COUNT. Sends that many requests on kept connections, checks every answer.
'use strict';
const https = require('node:https');
const fs = require('node:fs');

const [url, caFile, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const agent = new https.Agent({ keepAlive: true, maxSockets: 8, ca: fs.readFileSync(caFile) });
const versions = new Set();

function ask(i) {
    const text = `request ${i} ${'x'.repeat((i * 37) % 20000)}`;
    return new Promise((resolve, reject) => {
        const request = https.request(url, { agent, method: 'POST' }, (response) => {
            versions.add(response.socket.getProtocol());
            const parts = [];
            response.on('data', (part) => parts.push(part));
            response.on('error', reject);
            response.on('end', () => {
                const got = Buffer.concat(parts).toString();
                if (response.statusCode === 200 && got === text) resolve();
                else reject(new Error(`request ${i}: status ${response.statusCode}, ${got.length} bytes`));
            });
        });
        request.on('error', reject);
        request.end(text);
    });
}

Promise.all(Array.from({ length: count }, (_, i) => ask(i))).then(
    () => {
        console.log(`${count} answers over ${[...versions]}`);
        agent.destroy();
    },
    (failure) => {
        console.error(failure);
        process.exit(1);
    });
