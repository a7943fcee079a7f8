package dev.headgate.fuzz.oracle;

import java.util.List;

/** A chunked body's content, and the trailer fields that may go on. */
public record BodyModel(String content, List<String> trailers) {}
