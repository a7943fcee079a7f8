package dev.headgate.filter;

import dev.headgate.engine.Immutable;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one route, compiled: a phase that none of them takes part in costs one comparison. Requests pass in the given
 * order, responses in reverse.
 */
@Immutable
public final class FilterChain {
    /** No filters at all. */
    public static final FilterChain EMPTY = new FilterChain(List.of());

    private final Filter[] filters;
    private final boolean changesRequestBody;
    private final boolean changesResponseBody;

    public FilterChain(List<Filter> filters) {
        this.filters = filters.toArray(new Filter[0]);
        boolean request = false;
        boolean response = false;
        for (Filter filter : filters) {
            Filter.Bodies bodies = filter.bodies();
            request |= bodies == Filter.Bodies.REQUEST || bodies == Filter.Bodies.BOTH;
            response |= bodies == Filter.Bodies.RESPONSE || bodies == Filter.Bodies.BOTH;
        }
        this.changesRequestBody = request;
        this.changesResponseBody = response;
    }

    public boolean isEmpty() {
        return filters.length == 0;
    }

    public int size() {
        return filters.length;
    }

    /** Place of {@code filter} in the chain, or −1. */
    public int indexOf(Filter filter) {
        for (int i = 0; i < filters.length; i++) {
            if (filters[i] == filter) {
                return i;
            }
        }
        return -1;
    }

    public boolean changesRequestBody() {
        return changesRequestBody;
    }

    public boolean changesResponseBody() {
        return changesResponseBody;
    }

    /** Runs the phase until a filter has answered; the caller asks the context whether one has. */
    public void onRequestHead(FilterContext context, RequestHead head) {
        for (int i = 0; i < filters.length && !context.isAnswered(); i++) {
            filters[i].onRequestHead(context, head);
        }
    }

    public ByteBuffer onRequestBody(FilterContext context, ByteBuffer bytes) {
        ByteBuffer passed = bytes;
        if (changesRequestBody) {
            for (Filter filter : filters) {
                passed = filter.onRequestBody(context, passed);
            }
        }
        return passed;
    }

    /** Ends each filter in turn; what one passes on at its end goes through those behind it. */
    public @Nullable ByteBuffer onRequestEnd(FilterContext context) {
        ByteBuffer last = null;
        if (changesRequestBody) {
            for (Filter filter : filters) {
                last = joined(last == null ? null : filter.onRequestBody(context, last), filter.onRequestEnd(context));
            }
        }
        return last;
    }

    public void onResponseHead(FilterContext context, ResponseHead head) {
        for (int i = filters.length - 1; i >= 0; i--) {
            filters[i].onResponseHead(context, head);
        }
    }

    public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
        ByteBuffer passed = bytes;
        if (changesResponseBody) {
            for (int i = filters.length - 1; i >= 0; i--) {
                passed = filters[i].onResponseBody(context, passed);
            }
        }
        return passed;
    }

    public void onResponseTrailers(FilterContext context, FieldSection trailers) {
        for (int i = filters.length - 1; i >= 0; i--) {
            filters[i].onResponseTrailers(context, trailers);
        }
    }

    /** As {@link #onRequestEnd}, in reverse. */
    public @Nullable ByteBuffer onResponseEnd(FilterContext context) {
        ByteBuffer last = null;
        if (changesResponseBody) {
            for (int i = filters.length - 1; i >= 0; i--) {
                Filter filter = filters[i];
                last = joined(
                        last == null ? null : filter.onResponseBody(context, last), filter.onResponseEnd(context));
            }
        }
        return last;
    }

    /** Asks each filter in turn for an end that tells of the break. What the first one gives passes those behind it as the end of the response. */
    public @Nullable ByteBuffer onResponseBreak(FilterContext context, ResponseBreak reason) {
        ByteBuffer last = null;
        for (int i = filters.length - 1; i >= 0; i--) {
            Filter filter = filters[i];
            last = last == null
                    ? filter.onResponseBreak(context, reason)
                    : joined(filter.onResponseBody(context, last), filter.onResponseEnd(context));
        }
        return last;
    }

    /** Tells the filter at this place; one by one, for what one throws must not keep the others from hearing of it. */
    public void onEnd(FilterContext context, int index) {
        filters[index].onEnd(context);
    }

    private static @Nullable ByteBuffer joined(@Nullable ByteBuffer first, @Nullable ByteBuffer second) {
        if (first == null || !first.hasRemaining()) {
            return second;
        }
        if (second == null || !second.hasRemaining()) {
            return first;
        }
        ByteBuffer both = ByteBuffer.allocate(first.remaining() + second.remaining());
        return both.put(first).put(second).flip();
    }
}
