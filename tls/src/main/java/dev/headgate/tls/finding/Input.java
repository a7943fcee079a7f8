package dev.headgate.tls.finding;

/** Which of the texts that were handed in a finding is about. The caller knows the file's name. */
public enum Input {
    CERTIFICATES("certificates"),
    KEY("key"),
    KEY_STORE("key store"),
    TRUST("trust anchors"),
    REVOCATION("revocation lists");

    private final String text;

    Input(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
