/* The regular expressions of PCRE2, which CPatterns matches with. */
#ifndef BANDERA_CPCRE2_SHIM_H
#define BANDERA_CPCRE2_SHIM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
