// Counts the allocations of each thread by standing in front of the C library's functions, which
// glibc allows ("Replacing malloc" in its manual) and which keeps its own under a second name.
#include "cmalloccount.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static __thread uint64_t count_of_this_thread __attribute__((tls_model("initial-exec")));

uint64_t cmalloccount_of_this_thread(void) { return count_of_this_thread; }

uint64_t cmalloccount_bytes_in_use(void) {
    struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

void *malloc(size_t size) {
    count_of_this_thread += 1;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    count_of_this_thread += 1;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    count_of_this_thread += 1;
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count_of_this_thread += 1;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count_of_this_thread += 1;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count_of_this_thread += 1;
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}
