/* The runtime of protobuf-c, which packs and unpacks the messages of CMessages. */
#ifndef CPROTOBUFC_SHIM_H
#define CPROTOBUFC_SHIM_H

#include <protobuf-c/protobuf-c.h>

#endif
