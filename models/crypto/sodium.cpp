#include "models/crypto/sodium.h"

#include <cstdlib>
#include <sodium.h>

namespace countersign::crypto {

void needSodium()
{
    static const bool ready = sodium_init() >= 0;
    if (!ready)
        std::abort();
}

} // namespace countersign::crypto
