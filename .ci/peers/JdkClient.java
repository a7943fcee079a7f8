import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Sends requests to an echo with the JDK's client: java JdkClient.java URL COUNT. Ends with an exception at a wrong answer, and at one by
 * another version than the client prefers; without TLS, where it asks for HTTP/2 by an upgrade that nobody should grant, than HTTP/1.1.
 */
final class JdkClient {
    private static final int THREADS = 8;

    private JdkClient() {}

    public static void main(String[] arguments) throws Exception {
        var uri = URI.create(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        for (var version : HttpClient.Version.values()) {
            try (var client = HttpClient.newBuilder().version(version).build();
                    var threads = Executors.newFixedThreadPool(THREADS)) {
                var answers = IntStream.range(0, count)
                        .mapToObj(i -> threads.submit(() -> check(client, uri, i)))
                        .toList();
                for (Future<?> answer : answers) {
                    answer.get();
                }
            }
            System.out.println(count + " answers to a client that prefers " + version);
        }
    }

    private static Void check(HttpClient client, URI uri, int index) throws IOException, InterruptedException {
        String text = "request %d %s".formatted(index, "x".repeat(index * 37 % 20_000));
        // A publisher of unknown length sends chunks.
        var content = index % 2 == 0
                ? BodyPublishers.ofString(text)
                : BodyPublishers.fromPublisher(BodyPublishers.ofString(text));
        var request = HttpRequest.newBuilder(uri).POST(content).build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        var wanted = uri.getScheme().equals("https") ? client.version() : HttpClient.Version.HTTP_1_1;
        if (response.version() != wanted) {
            throw new AssertionError("request " + index + ": " + response.version() + " instead of " + wanted);
        }
        if (response.statusCode() != 200 || !response.body().equals(text)) {
            throw new AssertionError("request " + index + ": status " + response.statusCode() + ", "
                    + response.body().length() + " instead of " + text.length() + " characters");
        }
        return null;
    }
}
