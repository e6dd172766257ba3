// Regular expressions of PCRE2, with what a match needs kept for each thread: a match asks for no
// memory once the thread has made its first.
#ifndef CPATTERNS_H
#define CPATTERNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a compilation may be.
struct cpatterns_source_limits {
    size_t pattern_bytes;
    size_t compiled_bytes;
    uint32_t parentheses_depth;
};

// What a match may cost.
struct cpatterns_match_limits {
    uint32_t steps;
    uint32_t depth;
    uint32_t heap_kibibytes;
};

// Why a pattern was refused: a number for cpatterns_message, and where in bytes.
struct cpatterns_mistake {
    int number;
    size_t offset;
};

enum cpatterns_outcome {
    cpatterns_matched,
    cpatterns_unmatched,
    // Given up at one of the limits, or for want of memory.
    cpatterns_limited,
};

// NULL when `pattern`, which is valid UTF-8, was refused. Freed with cpatterns_free.
void *cpatterns_compile(const uint8_t *pattern, size_t length, bool ignores_case,
                        struct cpatterns_source_limits limits,
                        struct cpatterns_mistake *mistake);

void cpatterns_free(void *code);

// Looks for the pattern anywhere in `subject`, which is valid UTF-8. Any number of threads may use
// one pattern.
enum cpatterns_outcome cpatterns_match(const void *code, const uint8_t *subject, size_t length,
                                       struct cpatterns_match_limits limits);

// Writes the words for a mistake and a NUL; returns how many bytes they have.
size_t cpatterns_message(int number, uint8_t *buffer, size_t capacity);

#endif
