#include "cpatterns.h"

#include <pthread.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

// `$` is the end of the text only, so that a line break cannot smuggle anything behind it; \C would
// cut characters into bytes.
static const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;

struct workspace {
    pcre2_match_context *context;
    // Keeps the memory of its matches from one to the next (PCRE2 10.41 and later).
    pcre2_match_data *data;
};

static _Thread_local struct workspace workspace_of_this_thread;

static pthread_key_t ending_key;
static pthread_once_t ending_once = PTHREAD_ONCE_INIT;

static void end_workspace(void *argument) {
    struct workspace *workspace = argument;
    pcre2_match_data_free(workspace->data);
    pcre2_match_context_free(workspace->context);
    workspace->data = NULL;
    workspace->context = NULL;
}

static void make_ending_key(void) {
    // Without a key the workspaces of threads that end are leaked, and nothing else.
    (void)pthread_key_create(&ending_key, end_workspace);
}

static bool has_workspace(struct workspace *workspace) {
    if (workspace->data != NULL) return true;
    workspace->context = pcre2_match_context_create(NULL);
    workspace->data = pcre2_match_data_create(1, NULL);
    if (workspace->context == NULL || workspace->data == NULL) {
        end_workspace(workspace);
        return false;
    }
    pthread_once(&ending_once, make_ending_key);
    (void)pthread_setspecific(ending_key, workspace);
    return true;
}

void *cpatterns_compile(const uint8_t *pattern, size_t length, bool ignores_case,
                        struct cpatterns_source_limits limits,
                        struct cpatterns_mistake *mistake) {
    mistake->number = PCRE2_ERROR_NOMEMORY;
    mistake->offset = 0;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context == NULL) return NULL;
    pcre2_set_max_pattern_length(context, limits.pattern_bytes);
    pcre2_set_parens_nest_limit(context, limits.parentheses_depth);
    uint32_t chosen = ignores_case ? options | PCRE2_CASELESS : options;
    pcre2_code *code = pcre2_compile(pattern, length, chosen, &mistake->number, &mistake->offset,
                                     context);
    pcre2_compile_context_free(context);
    size_t size = 0;
    if (code == NULL || (pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) == 0 &&
                         size <= limits.compiled_bytes))
        return code;
    pcre2_code_free(code);
    mistake->number = PCRE2_ERROR_PATTERN_TOO_LARGE;
    mistake->offset = length;
    return NULL;
}

void cpatterns_free(void *code) { pcre2_code_free(code); }

enum cpatterns_outcome cpatterns_match(const void *code, const uint8_t *subject, size_t length,
                                       struct cpatterns_match_limits limits) {
    struct workspace *workspace = &workspace_of_this_thread;
    if (!has_workspace(workspace)) return cpatterns_limited;
    pcre2_set_match_limit(workspace->context, limits.steps);
    pcre2_set_depth_limit(workspace->context, limits.depth);
    pcre2_set_heap_limit(workspace->context, limits.heap_kibibytes);
    // 0 is a match with more groups than there is room for.
    int result = pcre2_match(code, subject, length, 0, PCRE2_NO_UTF_CHECK, workspace->data,
                             workspace->context);
    if (result >= 0) return cpatterns_matched;
    return result == PCRE2_ERROR_NOMATCH ? cpatterns_unmatched : cpatterns_limited;
}

size_t cpatterns_message(int number, uint8_t *buffer, size_t capacity) {
    int length = pcre2_get_error_message(number, buffer, capacity);
    return length < 0 ? 0 : (size_t)length;
}
