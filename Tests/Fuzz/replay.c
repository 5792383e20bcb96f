/* Runs a fuzz target on the files that are named, without a fuzzer: replay FILE… */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int count, char **arguments) {
    for (int i = 1; i < count; i++) {
        size_t length;
        char *content = fake_read_file(arguments[i], &length);
        if (!content) {
            perror(arguments[i]);
            return 2;
        }
        fprintf(stderr, "%s\n", arguments[i]); /* a finding names no file */
        /* Exactly as long as it is: reading beyond it is seen. */
        uint8_t *data = malloc(length ? length : 1);
        if (!data) return 2;
        memcpy(data, content, length);
        free(content);
        LLVMFuzzerTestOneInput(data, length);
        free(data);
    }
    return 0;
}
