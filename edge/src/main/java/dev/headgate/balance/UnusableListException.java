package dev.headgate.balance;

/** A file with endpoints is of no use at a start, when there is no list from before. */
public final class UnusableListException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableListException(String failure) {
        super(failure);
    }
}
