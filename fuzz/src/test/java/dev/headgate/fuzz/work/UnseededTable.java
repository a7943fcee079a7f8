package dev.headgate.fuzz.work;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What must not be: fields found by {@code String.hashCode}, in a table of our own and in one of the platform. */
public final class UnseededTable implements Consumer<byte[]> {
    private final List<List<String>> places = new ArrayList<>();
    private final Map<String, String> map = new HashMap<>();

    @Override
    public void accept(byte[] input) {
        for (int i = 0; i < 1024; i++) {
            places.add(new ArrayList<>());
        }
        for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
            String name = line.split(":", -1)[0];
            put(name);
            map.put(name, line);
        }
    }

    private void put(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        List<String> place = places.get(hash & 1023);
        for (int i = 0; i < place.size(); i++) {
            if (place.get(i).equals(name)) {
                return;
            }
        }
        place.add(name);
    }
}
