#ifndef CMALLOCCOUNT_H
#define CMALLOCCOUNT_H

#include <stdint.h>

// How often the calling thread has asked for memory since it started: malloc, calloc, realloc and
// the aligned forms, which this target puts itself in front of. Only a program that links it is
// affected.
uint64_t cmalloccount_of_this_thread(void);

// How many bytes the process holds that it has asked for.
uint64_t cmalloccount_bytes_in_use(void);

#endif
