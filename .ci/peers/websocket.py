"""The WebSocket library of Debian's Python, which negotiates permessage-deflate by itself:
    websocket.py serve PORT          an origin: echoes every message
    websocket.py talk URL COUNT      a client: so many messages of many lengths, text and binary, and their echoes
    websocket.py wait URL            a client: prints "open", and the status of the Close frame when it gets one"""
import asyncio
import sys

import websockets


async def echo(socket, path=None):
    async for message in socket:
        await socket.send(message)


async def serve(port):
    async with websockets.serve(echo, "127.0.0.1", port, max_size=None):
        await asyncio.Future()


def message(i):
    text = ("message %d " % i) * (i * i % 3000)
    return text if i % 2 else text.encode()


async def talk(url, count):
    async with websockets.connect(url, max_size=None) as socket:
        assert any(e.name == "permessage-deflate" for e in socket.extensions), socket.extensions

        async def send():
            for i in range(count):
                await socket.send(message(i))

        sending = asyncio.create_task(send())
        for i in range(count):
            assert await socket.recv() == message(i), i
        await sending
        await asyncio.wait_for(await socket.ping(), 10)
    assert socket.close_code == 1000, socket.close_code
    print("ok", count)


async def wait(url):
    async with websockets.connect(url) as socket:
        print("open", flush=True)
        await socket.wait_closed()
    print(socket.close_code)


command, target = sys.argv[1], sys.argv[2]
if command == "serve":
    asyncio.run(serve(int(target)))
elif command == "talk":
    asyncio.run(talk(target, int(sys.argv[3])))
else:
    asyncio.run(wait(target))
