package dev.headgate.bench.load;

/** Numbers of bytes as the built-in origin's paths have them: {@code 1024}, {@code 1k}, {@code 2m}, {@code 1g}. */
final class ByteCount {
    private static final int DIGITS_MAX = 12;

    private ByteCount() {}

    /** {@link LoadRequest#ANY_LENGTH} when it is none. */
    static long parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        int shift = digits == text.length() ? 0 : shiftOf(text.substring(digits));
        if (digits == 0 || digits > DIGITS_MAX || shift < 0) {
            return LoadRequest.ANY_LENGTH;
        }
        return Long.parseLong(text.substring(0, digits)) << shift;
    }

    private static int shiftOf(String unit) {
        return switch (unit) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> -1;
        };
    }

    /** What the last part of a target says, its query left out; of a target with a part {@code fault}, {@code status} or {@code stats} nothing. */
    static long namedBy(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        boolean isContent = path.lastIndexOf('/') == 0
                || path.startsWith("/chunked/")
                || path.startsWith("/delay/") && path.indexOf('/', "/delay/".length()) > 0;
        return isContent ? parse(path.substring(path.lastIndexOf('/') + 1)) : LoadRequest.ANY_LENGTH;
    }
}
