#include "models/crypto/sha256.h"

#include <cstdlib>
#include <openssl/evp.h>

namespace countersign::crypto {

namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

void must(bool isDone)
{
    if (!isDone)
        std::abort(); // only for want of memory or of the algorithm itself; a made-up digest would be worse
}

Context newContext()
{
    Context context(EVP_MD_CTX_new());
    must(context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
    return context;
}

Digest finished(EVP_MD_CTX *context)
{
    Digest digest;
    must(EVP_DigestFinal_ex(context, digest.bytes.data(), nullptr) == 1);
    must(EVP_DigestInit_ex(context, nullptr, nullptr) == 1); // same algorithm, no lookup
    return digest;
}

} // namespace

struct Sha256::Private {
    Context context = newContext();
};

Sha256::Sha256() : d(std::make_unique<Private>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

Sha256 &Sha256::add(BytesView bytes)
{
    must(EVP_DigestUpdate(d->context.get(), bytes.data(), bytes.size()) == 1);
    return *this;
}

Digest Sha256::finish() { return finished(d->context.get()); }

Digest sha256(BytesView bytes)
{
    // Looking up the algorithm costs more than hashing an entry, so each thread keeps a context.
    thread_local const Context context = newContext();
    must(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
    return finished(context.get());
}

} // namespace countersign::crypto
