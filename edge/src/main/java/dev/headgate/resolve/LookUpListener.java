package dev.headgate.resolve;

/**
 * Takes the result of a look-up, once, on a thread of those who look up; it must not block.
 *
 * @param <A> what was asked for
 */
public interface LookUpListener<A> {
    void onAnswer(A answer);

    void onFailed(LookUpFailure failure);
}
