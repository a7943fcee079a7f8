package dev.headgate.testkit.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.testkit.peer.Field;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldBlockReaderTest {
    private final FieldBlockReader reader = new FieldBlockReader();

    private String read(String hex) {
        return reader.read(HexFormat.of().parseHex(hex.replace(" ", ""))).stream()
                .map(field -> field.name() + ": " + field.value())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void readsTheResponsesOfAppendixC6() {
        reader.tableLimit(256);
        String date = "date: Mon, 21 Oct 2013 20:13:2";
        String location = "location: https://www.example.com";
        String first = ":status: 302\ncache-control: private\n" + date + "1 GMT\n" + location;
        assertEquals(
                first,
                read("3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e"
                        + "919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"));
        assertEquals(first.replace("302", "307"), read("4883 640e ffc1 c0bf"));
        assertEquals(
                ":status: 200\ncache-control: private\n" + date + "2 GMT\n" + location
                        + "\ncontent-encoding: gzip\nset-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
                read(
                        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2"
                                + "e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50"
                                + "07"));
    }

    @Test
    void readsWhatFieldBlockWrites() {
        String name = "x-" + "n".repeat(300);
        assertEquals(List.of(new Field("a", "1"), new Field(name, "")), reader.read(FieldBlock.of("a", "1", name, "")));
        reader.read(FieldBlock.entering("b", "2"));
        reader.read(FieldBlock.entering("c", "3"));
        assertEquals(List.of(new Field("c", "3")), reader.read(FieldBlock.indexed(62)));
        assertEquals(List.of(new Field("b", "2")), reader.read(FieldBlock.indexed(63)));
        assertEquals(List.of(), reader.read(FieldBlock.sizeUpdate(0)));
        assertThrows(AssertionError.class, () -> reader.read(FieldBlock.indexed(62)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // index 0
                "be", // index 62 of an empty table
                "00 01", // cut short
                "00 01 61 05 61", // a value beyond the block
                "82 20", // a size update behind a field
                "3f e2 1f", // a table of 4,097 bytes
                "00 01 61 81 fe", // eight bits are no padding
                "00 01 61 81 18", // padding of zeros
                "00 01 61 84 ff ff ff ff", // the end symbol
                "ff ff ff ff ff ff 0f", // a number without end
            })
    void refusesWhatAServerMustNotWrite(String hex) {
        assertThrows(AssertionError.class, () -> read(hex));
    }
}
