package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|3|false",
                "'u=0'|0|false",
                "'u=7, i'|7|true",
                "'i,u=5'|5|true",
                "'i=?1'|3|true",
                "'i=?0'|3|false",
                "'i, i=?0'|3|false",
                "'u=1, u=2'|2|false",
                "'u=8'|3|false",
                "'u=-1'|3|false",
                "'u=11'|3|false",
                "'u=1.5'|3|false",
                "'u=1;a=b, i;c'|1|true",
                "'u =1'|3|false",
                "'  u=1 , \ti '|1|true",
                "'ui=1'|3|false",
                "'index'|3|false",
                "'i=1'|3|false",
                "'i=?2'|3|false",
                "'unknown=(1 2);u=4, u=6'|6|false",
                "',,,'|3|false",
                "'u'|3|false",
                "'u='|3|false"
            })
    void readsWhatItUnderstands(String value, int urgency, boolean incremental) {
        byte[] bytes = Wire.bytes("xx" + value + "u=2,i");
        int priority = Priority.parse(ByteBuffer.wrap(bytes), 2, value.length());
        assertEquals(urgency, Priority.urgency(priority));
        assertEquals(incremental, Priority.isIncremental(priority));
    }
}
