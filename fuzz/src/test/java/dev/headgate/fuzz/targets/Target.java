package dev.headgate.fuzz.targets;

import java.util.function.Consumer;

/** Every target. Its name is that of its class, of its folder of corpus files, and of its dictionary. */
enum Target {
    RequestHead(RequestHeadTarget::fuzzerTestOneInput),
    ResponseHead(ResponseHeadTarget::fuzzerTestOneInput),
    ChunkedBody(ChunkedBodyTarget::fuzzerTestOneInput),
    TargetUri(TargetUriTarget::fuzzerTestOneInput),
    Forwarded(ForwardedTarget::fuzzerTestOneInput),
    Configuration(ConfigurationTarget::fuzzerTestOneInput),
    ClientHello(ClientHelloTarget::fuzzerTestOneInput),
    Hpack(HpackTarget::fuzzerTestOneInput),
    Http2Frames(Http2FramesTarget::fuzzerTestOneInput),
    DnsResponse(DnsResponseTarget::fuzzerTestOneInput);

    private final Consumer<byte[]> method;

    Target(Consumer<byte[]> method) {
        this.method = method;
    }

    /** Throws when the input breaks a law. */
    void run(byte[] input) {
        method.accept(input);
    }

    /** The class that a fuzzer calls. */
    String className() {
        return getClass().getPackageName() + "." + name() + "Target";
    }
}
