package dev.headgate.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Many clients, of which each does with one step what all the others do: all ask, then all read, then all go. So a proxy
 * finds much to do at once, and clients that come, go, stall and break off in masses, as it does in service and not before
 * one {@link SampleVisitor}. One thread is all of them.
 */
public final class SampleCrowd {
    private static final int ROUNDS = 1;
    private static final int TIMES = 4;
    private static final int FEW = 8;
    private static final int USUAL = 64;
    private static final int MANY = 256;
    private static final int REQUESTS_OF_MANY = 4;
    private static final int REQUESTS_OF_USUAL = 100;
    private static final int REQUESTS_OF_FEW = 40;
    private static final int UPLOAD_CHUNKS = 48;
    private static final long STALL_MS = 10;

    private static final String HOST = "Host: localhost:8080\r\nUser-Agent: sample-crowd/1\r\nAccept: */*\r\n";
    private static final String ASK = "GET /both/1k HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String ASK_ONCE = "GET /both/1k HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
    private static final String BIG = "GET /big HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String UPLOAD = "POST /one/up HTTP/1.1\r\n" + HOST;
    private static final String CHUNK = "0123456789abcde\n".repeat(1024);

    private static final List<String> REFUSED = List.of(
            "BAD\r\n\r\n",
            "GET /one/ HTTP/1.1\r\n\r\n",
            "GET /one/ HTTP/2.7\r\n" + HOST + "\r\n",
            "GET /one/\0 HTTP/1.1\r\n" + HOST + "\r\n",
            "BREW /one/ HTTP/1.1\r\n" + HOST + "Content-Length: x\r\n\r\n",
            "GET /one/ HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(20_000) + "\r\n\r\n");

    private final int port;
    private final int impatientPort;

    /** A crowd before the proxy at {@code port} of the loopback address, whose timeouts are short at {@code impatientPort}. */
    public SampleCrowd(int port, int impatientPort) {
        this.port = port;
        this.impatientPort = impatientPort;
    }

    /** Does everything a few times. */
    public void visit() throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            askAndGo(FEW, REQUESTS_OF_FEW);
            askAndGo(USUAL, REQUESTS_OF_USUAL);
            askAndGo(MANY, REQUESTS_OF_MANY);
            askOnce();
            askInParts();
            askSeveralAtOnce();
            askForMuch();
            bringMuch();
            breakOff();
            askWrongly();
            askOriginsThatFail();
            stayTooLong();
        }
        askAndGo(USUAL, REQUESTS_OF_USUAL);
    }

    private void askAndGo(int count, int requests) throws IOException {
        List<SampleClient> clients = come(count);
        for (int i = 0; i < requests; i++) {
            for (SampleClient client : clients) client.send(ASK);
            for (SampleClient client : clients) client.receive();
        }
        go(clients);
    }

    private void askOnce() throws IOException {
        for (int i = 0; i < TIMES; i++) {
            List<SampleClient> clients = come(USUAL);
            for (SampleClient client : clients) client.send(ASK_ONCE);
            for (SampleClient client : clients) client.receive();
            go(clients);
        }
    }

    /** A head that comes in two parts, as does what follows it. */
    private void askInParts() throws IOException {
        List<SampleClient> clients = come(USUAL);
        for (int end = 1; end < ASK.length(); end += ASK.length() / TIMES) {
            for (SampleClient client : clients) client.send(ASK.substring(0, end));
            stall();
            for (SampleClient client : clients) client.send(ASK.substring(end));
            for (SampleClient client : clients) client.receive();
        }
        for (SampleClient client : clients) client.send(UPLOAD + "Content-Length: 9\r\n\r\n");
        for (SampleClient client : clients) client.send("some");
        stall();
        for (SampleClient client : clients) client.send("thing");
        for (SampleClient client : clients) client.receive();
        go(clients);
    }

    private void askSeveralAtOnce() throws IOException {
        List<SampleClient> clients = come(USUAL);
        for (SampleClient client : clients) client.send(ASK.repeat(FEW));
        for (SampleClient client : clients) client.endRequests();
        for (SampleClient client : clients) client.awaitEnd();
        go(clients);
    }

    /** Large answers, read late by clients with little room. */
    private void askForMuch() throws IOException {
        List<SampleClient> clients = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            clients.add(SampleClient.connectNarrow(port));
            clients.add(SampleClient.connect(port));
        }
        for (SampleClient client : clients) client.send(BIG);
        stall();
        for (SampleClient client : clients) client.receive();
        for (SampleClient client : clients) client.send(ASK);
        for (SampleClient client : clients) client.receive();
        go(clients);
    }

    private void bringMuch() throws IOException {
        List<SampleClient> clients = come(FEW);
        int lengthBytes = UPLOAD_CHUNKS * CHUNK.length();
        for (SampleClient client : clients) client.send(UPLOAD + "Content-Length: " + lengthBytes + "\r\n\r\n");
        for (int i = 0; i < UPLOAD_CHUNKS; i++) {
            for (SampleClient client : clients) client.send(CHUNK);
        }
        for (SampleClient client : clients) client.receive();
        String chunk = Integer.toHexString(CHUNK.length()) + "\r\n" + CHUNK + "\r\n";
        for (SampleClient client : clients) client.send(UPLOAD + "Transfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < UPLOAD_CHUNKS; i++) {
            for (SampleClient client : clients) client.send(chunk);
        }
        for (SampleClient client : clients) client.send("0\r\n\r\n");
        for (SampleClient client : clients) client.receive();
        go(clients);
    }

    /** Clients that go at every point of an exchange, by a reset or in good order. */
    private void breakOff() throws IOException {
        List<String> begun = List.of(
                "",
                ASK.substring(0, ASK.length() / 2),
                ASK,
                BIG,
                UPLOAD + "Content-Length: 100000\r\n\r\n" + CHUNK,
                UPLOAD + "Transfer-Encoding: chunked\r\n\r\n400\r\n" + CHUNK.substring(0, 1000));
        for (String text : begun) {
            List<SampleClient> clients = come(USUAL);
            for (SampleClient client : clients) client.send(text);
            stall();
            for (SampleClient client : clients.subList(0, USUAL / 2)) client.reset();
            go(clients);
        }
    }

    private void askWrongly() throws IOException {
        for (String request : REFUSED) {
            List<SampleClient> clients = come(FEW);
            for (SampleClient client : clients) client.send(request);
            for (SampleClient client : clients) client.awaitEnd();
            go(clients);
        }
    }

    private void askOriginsThatFail() throws IOException {
        for (SampleManner manner : SampleManner.values()) {
            String ask = "GET /both/" + manner.segment() + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
            List<SampleClient> clients = come(FEW);
            for (SampleClient client : clients) client.send(ask);
            for (SampleClient client : clients) client.awaitEnd();
            go(clients);
            askAndGo(FEW, FEW);
        }
    }

    /** Until the proxy's patience ends: before a head, within one, and after an answer. */
    private void stayTooLong() throws IOException {
        List<SampleClient> clients = new ArrayList<>();
        for (int i = 0; i < USUAL; i++) {
            SampleClient client = SampleClient.connect(impatientPort);
            clients.add(client);
            if (i % 3 > 0) client.send(i % 3 == 1 ? ASK : ASK.substring(0, ASK.length() / 2));
        }
        for (SampleClient client : clients) client.awaitEnd();
        go(clients);
    }

    private List<SampleClient> come(int count) throws IOException {
        List<SampleClient> clients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) clients.add(SampleClient.connect(port));
        return clients;
    }

    private static void go(List<SampleClient> clients) throws IOException {
        for (SampleClient client : clients) client.close();
    }

    /** Lets the proxy come so far that it waits. How far it comes decides only how well it is trained. */
    private static void stall() throws IOException {
        try {
            Thread.sleep(STALL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
