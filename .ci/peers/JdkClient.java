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

/** Sends requests to an echo with the JDK's client: java JdkClient.java URL COUNT. Ends with an exception at a wrong answer. */
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
        if (response.statusCode() != 200 || !response.body().equals(text)) {
            throw new AssertionError("request " + index + ": status " + response.statusCode() + ", "
                    + response.body().length() + " instead of " + text.length() + " characters");
        }
        return null;
    }
}
