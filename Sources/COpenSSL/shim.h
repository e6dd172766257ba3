// What Swift cannot see of OpenSSL: macros and type-generic stacks, as functions and constants.
// Thin on purpose: one call each, no decisions. The exception is the atomic file write, which needs
// system calls that the TLS target does not otherwise import.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Context options (SSL_CTX_ctrl macros).

static const uint64_t copenssl_op_hardened =
    SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
    SSL_OP_CIPHER_SERVER_PREFERENCE;
static const uint64_t copenssl_op_middlebox_compat = SSL_OP_ENABLE_MIDDLEBOX_COMPAT;

static inline int copenssl_ctx_set_protocols(SSL_CTX *ctx, int minimum, int maximum) {
    return SSL_CTX_set_min_proto_version(ctx, minimum) == 1 &&
           SSL_CTX_set_max_proto_version(ctx, maximum) == 1;
}

static inline void copenssl_ctx_set_lean_modes(SSL_CTX *ctx) {
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(ctx, 0);
}

static inline void copenssl_ctx_set_max_cert_list(SSL_CTX *ctx, long bytes) {
    SSL_CTX_set_max_cert_list(ctx, bytes);
}

static inline int copenssl_ctx_set_groups(SSL_CTX *ctx, const char *list) {
    return SSL_CTX_set1_groups_list(ctx, list) == 1;
}

static inline int copenssl_ctx_set_signatures(SSL_CTX *ctx, const char *list) {
    return SSL_CTX_set1_sigalgs_list(ctx, list) == 1 &&
           SSL_CTX_set1_client_sigalgs_list(ctx, list) == 1;
}

static inline int copenssl_ctx_add_chain_cert(SSL_CTX *ctx, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(ctx, certificate) == 1;
}

// BIO.

static inline void copenssl_bio_set_retry_read(BIO *bio) {
    BIO_clear_retry_flags(bio);
    BIO_set_retry_read(bio);
}

static inline void copenssl_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline long copenssl_bio_memory(BIO *bio, char **bytes) {
    return BIO_get_mem_data(bio, bytes);
}

// Keys and certificates.

static inline EVP_PKEY *copenssl_generate_p256(void) { return EVP_EC_gen("P-256"); }

static inline EVP_PKEY *copenssl_generate_ed25519(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

// Never asks a terminal for a password: an encrypted key is an error.
static inline int copenssl_no_password(char *text, int size, int isWriting, void *context) {
    (void)text, (void)size, (void)isWriting, (void)context;
    return -1;
}

static inline EVP_PKEY *copenssl_read_private_key(BIO *bio) {
    return PEM_read_bio_PrivateKey(bio, NULL, copenssl_no_password, NULL);
}

static inline X509 *copenssl_read_certificate(BIO *bio) {
    return PEM_read_bio_X509(bio, NULL, copenssl_no_password, NULL);
}

// A read that found no further PEM block, as opposed to a broken one.
static inline int copenssl_error_is_end_of_pem(unsigned long error) {
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

static const unsigned long copenssl_name_rfc2253 = XN_FLAG_RFC2253;

static inline GENERAL_NAMES *copenssl_alternative_names(X509 *certificate) {
    return X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline void copenssl_alternative_names_free(GENERAL_NAMES *names) {
    GENERAL_NAMES_free(names);
}

static inline int copenssl_alternative_names_count(GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

// The kind (GEN_URI, GEN_DNS, GEN_IPADD…) and raw bytes of one name; bytes is NULL for other kinds.
static inline int copenssl_alternative_name(
    GENERAL_NAMES *names, int index, const unsigned char **bytes, int *count) {
    int kind = 0;
    ASN1_STRING *text = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, index), &kind);
    *bytes = NULL;
    *count = 0;
    if (kind == GEN_URI || kind == GEN_DNS || kind == GEN_IPADD || kind == GEN_EMAIL) {
        *bytes = ASN1_STRING_get0_data(text);
        *count = ASN1_STRING_length(text);
    }
    return kind;
}

static inline X509_EXTENSION *copenssl_make_extension(
    X509 *issuer, X509 *subject, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, subject, NULL, NULL, 0);
    return X509V3_EXT_conf_nid(NULL, &context, nid, value);
}

// Files.

static inline const char *copenssl_system_error(int number) { return strerror(number); }

// Writes `path` so that a reader sees the old file or the new one, never a part. Returns 0 or errno.
static inline int copenssl_write_file(
    const char *path, const char *temporaryPath, const void *bytes, size_t count,
    unsigned int mode) {
    (void)unlink(temporaryPath);
    int file = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (file < 0) return errno;
    int failure = 0;
    const char *next = (const char *)bytes;
    while (count > 0 && failure == 0) {
        ssize_t written = write(file, next, count);
        if (written > 0) {
            next += written;
            count -= (size_t)written;
        } else if (errno != EINTR) {
            failure = errno;
        }
    }
    if (failure == 0 && fchmod(file, (mode_t)mode) != 0) failure = errno;
    if (failure == 0 && fsync(file) != 0) failure = errno;
    if (close(file) != 0 && failure == 0) failure = errno;
    if (failure == 0 && rename(temporaryPath, path) != 0) failure = errno;
    if (failure != 0) (void)unlink(temporaryPath);
    return failure;
}

#endif
